/** The words that the parts of self-service sign-up share: the flow as it was set up, the connector's answer, the visitor's claims. */

import type { AuditActor } from '../audit/index.js'
import type { TenantScope } from '../platform/database.js'
import type { Tenant } from '../tenants/index.js'

/** What is known of a visitor, under the names that connectors see (`email`, `displayName`, `extension_<app id>_<Name>`…); what has no value is absent. */
export type Claims = Readonly<Record<string, ClaimValue>>
export type ClaimValue = string | number | boolean | readonly string[] | readonly SignUpIdentity[]

/** An identity as `users.identities` has it; Entra and Microsoft-account visitors have none in a connector's request (spec 11). */
export type SignUpIdentity = {
  readonly signInType: 'federated' | 'emailAddress'
  readonly issuer: string
  readonly issuerAssignedId: string
}

/** How a question is asked; `emailBox` is checked as an address, the choices show the items of their language. */
export type InputType =
  | 'textBox'
  | 'emailBox'
  | 'numberBox'
  | 'dateTimeDropdown'
  | 'dropdownSingleSelect'
  | 'radioSingleSelect'
  | 'checkboxMultiSelect'
  | 'checkbox'

/** One question of a flow. */
export type FlowAttribute = {
  /** `displayName`, `city`, `extension_<extensions app id without dashes>_<Name>`: the name on the user and in claims. */
  readonly claim: string
  /** What Graph calls it in `userAttributeValues` and `LocalizedStrings`: the id of the `identityUserFlowAttribute`. */
  readonly attributeId: string
  readonly label: string
  /** Graph: the attribute's description, which people read at its question. */
  readonly hint?: string
  readonly dataType: 'string' | 'boolean' | 'int64' | 'stringCollection' | 'dateTime'
  readonly inputType: InputType
  readonly isRequired: boolean
  readonly values: readonly { readonly name: string; readonly value: string; readonly isDefault: boolean }[]
  /** What is in the field before anyone typed. */
  readonly defaultValue?: string
  /** Checked against the whole value; the message is shown beside the field. */
  readonly validation?: {
    readonly regularExpression?: string
    readonly minimum?: number
    readonly maximum?: number
    readonly message?: string
  }
}

export const CONNECTOR_STEPS = ['PostFederationSignup', 'PostAttributeCollection'] as const
/** The slot of spec 11: after federating, and before the user is created. */
export type ConnectorStep = (typeof CONNECTOR_STEPS)[number]

/** A flow as its administrator set it up, in one piece, as the run reads it in one round trip. */
export type UserFlow = {
  readonly id: string
  /** The organization's switch `selfServiceSignUp.isEnabled` and the flow's own. */
  readonly isEnabled: boolean
  /** Ids of `identityProviders`, in the order they are offered. */
  readonly identityProviderIds: readonly string[]
  /** In the order of the page. */
  readonly attributes: readonly FlowAttribute[]
  readonly connectors: { readonly [step in ConnectorStep]?: string }
  /** Client ids of the applications that sign up by this flow. */
  readonly applicationIds: readonly string[]
  readonly defaultLanguage: string
  readonly languages: readonly string[]
  /** Texts that the administrator changed and names of built-in attributes, by language, then element and string id (`<ElementId>/<StringId>`). */
  readonly texts: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Words of choices that the administrator changed, by language, then claim, then value. */
  readonly choices: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>>
  readonly termsOfUseUrl?: string
  readonly requiresApproval: boolean
  /** Days that a request waits for an approver; unset: as the organization's `signUpRequestLifetimeDays` says. */
  readonly requestLifetimeDays?: number
}

/** Who decides on the requests of a flow: people, and members of groups, together at most ten entries. */
export type FlowApprovers = { readonly userIds: readonly string[]; readonly groupIds: readonly string[] }

/** A visitor who has done all that a flow asks of them: what their guest is made of. Kept as JSON while it waits. */
export type Visitor = {
  readonly flowId: string
  /** The address that was proved, or that the identity provider vouches for, as it was written. */
  readonly email: string
  /** What was proved, as `users.identities` keeps it; of a passcode `federated`, `mail` and the folded address. */
  readonly identity: SignUpIdentity
  /** Everything known in the end: of the provider, answered, and overridden by connectors. */
  readonly claims: Claims
  /** Of pages and mails. */
  readonly language: string
  /** Client id of the application they came from. */
  readonly clientId?: string | undefined
  /** Address of the terms that they agreed to. */
  readonly termsOfUse?: string | undefined
}

/**
 * Makes the guest of a visitor in the transaction that decided it: user, identity, attributes, audit; or finds the one
 * they are by now. Called by the run when nothing holds the visitor, and by `requests` when somebody approves.
 * @throws Refusal when the directory says no (the address is a member's, the domain is the organization's own).
 */
export type CreateGuest = (
  scope: TenantScope,
  visitor: Visitor,
  by: { tenant: Tenant; flow: UserFlow; actor: AuditActor; now: Date },
) => Promise<{ userId: string; isNew: boolean }>

/** What a connector said, read; nothing of it is HTML. */
export type ConnectorAnswer =
  | {
      readonly action: 'Continue'
      readonly claims: Claims /** Set when the connector failed and its administrator lets visitors pass then. */
      readonly failedOpen?: string
    }
  | { readonly action: 'ShowBlockPage'; readonly userMessage: string }
  | { readonly action: 'ValidationError'; readonly userMessage: string }
  /** `reason` is for the administrator and the log; the visitor reads a page of ours. `retryAfter` is in seconds. */
  | {
      readonly action: 'Failed'
      readonly reason: string
      readonly isCircuitOpen: boolean
      readonly retryAfter?: number
    }
