import { Refusal } from '../kernel/refusal.js'

const bad = (code: string, message: string, target?: string) =>
  new Refusal('invalid', code, message, target === undefined ? {} : { target })

/** Why flows and attributes are not changed or shown. */
export const refusals = {
  notFound: (id: string) =>
    new Refusal(
      'notFound',
      'userFlowObjectNotFound',
      `Resource '${id.slice(0, 128)}' does not exist or one of its queried reference-property objects are not present.`,
    ),
  roleMissing: (role: string) =>
    new Refusal('forbidden', 'roleMissing', 'Insufficient privileges to complete the operation.', {
      items: [{ code: 'roleNeeded', message: `Global Administrator or ${role}` }],
    }),

  // Attributes
  attributeBuiltIn: () =>
    bad('builtInAttribute', 'A built-in attribute cannot be changed or deleted. Create a custom one instead.', 'id'),
  attributeName: () =>
    bad(
      'malformedAttributeName',
      'Property displayName is invalid: begin with a letter from A to Z, since the name of the attribute is made of its letters and digits.',
      'displayName',
    ),
  attributeInUse: (id: string, flows: readonly string[]) =>
    bad(
      'attributeInUse',
      `The attribute '${id}' cannot be deleted because it is used by: ${flows.join(', ')}. Take it out of the user flow first.`,
      'id',
    ),
  tooManyAttributes: (most: number) =>
    new Refusal('forbidden', 'tooManyAttributes', `An organization can have ${most} custom attributes at most.`, {
      graphCode: 'Directory_QuotaExceeded',
    }),

  // Flows
  flowName: () =>
    bad(
      'malformedFlowId',
      'Property id is invalid: give 1 to 64 letters, digits, hyphens and underscores. B2X_1_ is put in front of it.',
      'id',
    ),
  flowExists: (id: string) =>
    bad('userFlowExists', `A user flow with the id '${id}' exists already. Ids differ in more than case.`, 'id'),
  flowKind: (name: string, only: string) => bad('flowKind', `Property ${name} is invalid: it is always ${only}.`, name),
  invalidUrl: (name: string) =>
    bad('malformedUrl', `Property ${name} is invalid: give an http or https address of at most 2048 characters.`, name),
  unknownLanguage: (name: string, known: readonly string[]) =>
    bad('unknownLanguage', `Property ${name} is invalid: the languages are ${known.join(', ')}.`, name),
  languageOff: (name: string) =>
    bad('languageDisabled', `Property ${name} is invalid: this language is switched off in the user flow.`, name),
  languageThere: (id: string) =>
    bad('languageExists', `The user flow is offered in the language '${id}' already.`, 'id'),
  defaultLanguage: () =>
    bad(
      'defaultLanguage',
      'The default language of a user flow cannot be switched off. Choose another defaultLanguage first.',
      'isEnabled',
    ),

  // What hangs on them
  notAReference: (what: string) =>
    bad('invalidReference', `Invalid reference: @odata.id must end with ${what} and an id.`, '@odata.id'),
  referenceMissing: () => bad('referenceMissing', "The query parameter '@id' must name the object to remove.", '@id'),
  referenceExists: (id: string) =>
    bad('referenceExists', `'${id.slice(0, 128)}' is in this user flow already.`, '@odata.id'),
  providerAlwaysOn: () =>
    bad(
      'alwaysOn',
      'Microsoft Entra ID is an identity provider of every user flow and cannot be taken out.',
      '@odata.id',
    ),
  tooManyProviders: (most: number) =>
    bad('tooManyIdentityProviders', `A user flow can offer ${most} identity providers at most.`, '@odata.id'),
  applicationTaken: (flow: string) =>
    bad(
      'applicationHasFlow',
      `The application signs people up by the user flow ${flow}. Take it out of that one first.`,
      '@odata.id',
    ),
  tooManyApprovers: (most: number) =>
    bad('tooManyApprovers', `A user flow can have ${most} approvers at most. Use a group.`, '@odata.id'),

  // Questions
  assignmentExists: (id: string) =>
    bad('attributeAssigned', `The user flow asks the attribute '${id}' already.`, 'userAttribute'),
  attributeUnknown: (id: string) =>
    bad('attributeUnknown', `There is no user flow attribute '${id.slice(0, 128)}'.`, 'userAttribute'),
  tooManyAssignments: (most: number) =>
    bad('tooManyAssignments', `A user flow can ask ${most} attributes at most.`, 'userAttribute'),
  misfit: (property: string, rule: string) =>
    bad('invalidValue', `Invalid value specified for property '${property}': it must be ${rule}.`, property),
  orderIncomplete: () =>
    bad(
      'orderIncomplete',
      'newAssignmentOrder.order must name each attribute of the user flow once.',
      'newAssignmentOrder',
    ),

  // Words
  wordsUnknown: (place: string) =>
    bad(
      'unknownText',
      `${place} is of no text that can be changed here. Download defaultPages/{id}/$value to see which there are.`,
      place,
    ),
}
