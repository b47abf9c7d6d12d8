import type { Caller } from '../../graph/caller.js'
import { isLanguage } from '../../platform/i18n/index.js'
import type { IdempotentRequest } from '../../platform/idempotency/request.js'
import { refusals } from '../errors.js'
import { type ChangeNeeds, changeFlow } from '../flows/change-flow.js'
import { LANGUAGE_IDS, PAGE, type PageContent, unknownWords } from './rules.js'
import type { LanguageChanges, PageBody } from './schema.js'
import { deletePage, isLanguageOn, replacePage, setLanguage } from './store.js'

/** Offers a flow in a language, or no longer (Graph: userflowlanguageconfiguration-update). @throws Refusal */
export function changeLanguage(
  needs: ChangeNeeds,
  caller: Caller,
  name: string,
  language: string,
  { isEnabled }: LanguageChanges,
): Promise<void> {
  return changeFlow(needs, caller, name, {
    async write(scope, flow) {
      if (!isLanguage(language)) throw refusals.notFound(language)
      if (isEnabled === false && flow.defaultLanguage === language) throw refusals.defaultLanguage()
      if (isEnabled !== undefined) await setLanguage(scope, flow.id, language, isEnabled)
      return { details: { language, isEnabled } }
    },
  })
}

/**
 * Offers a flow in a language that it is not offered in. Pages are written in built-in languages only, as Graph's user
 * flows of external identities are. @throws Refusal, also when it is offered in it.
 */
export function addLanguage(
  needs: ChangeNeeds,
  caller: Caller,
  name: string,
  { language, isEnabled }: { language: string; isEnabled: boolean },
  idempotent: IdempotentRequest | undefined,
): Promise<void> {
  return changeFlow(needs, caller, name, {
    idempotent,
    async write(scope, flow) {
      if (!isLanguage(language)) throw refusals.unknownLanguage('id', LANGUAGE_IDS)
      if (await isLanguageOn(scope, flow.id, language)) throw refusals.languageThere(language)
      await setLanguage(scope, flow.id, language, isEnabled)
      return { details: { language, isEnabled } }
    },
  })
}

/** Replaces the words that an administrator gave a page in a language (Graph: userflowlanguagepage-put). @throws Refusal */
export function replaceWords(
  needs: ChangeNeeds,
  caller: Caller,
  name: string,
  { language, pageId }: { language: string; pageId: string },
  body: PageBody,
): Promise<void> {
  const content = contentOf(body)
  const unknown = unknownWords(content)
  if (unknown !== undefined) throw refusals.wordsUnknown(unknown)
  return changeFlow(needs, caller, name, {
    async write(scope, flow) {
      mustBePage(language, pageId)
      await replacePage(scope, { flowId: flow.id, language, pageId }, content)
      const changed = content.LocalizedStrings.filter(({ Override }) => Override).length
      return { details: { language, page: pageId, changed } }
    },
  })
}

/** Gives a page our own words again (Graph: userflowlanguagepage-delete). @throws Refusal */
export function forgetWords(
  needs: ChangeNeeds,
  caller: Caller,
  name: string,
  { language, pageId }: { language: string; pageId: string },
): Promise<void> {
  return changeFlow(needs, caller, name, {
    async write(scope, flow) {
      mustBePage(language, pageId)
      await deletePage(scope, { flowId: flow.id, language, pageId })
      return { details: { language, page: pageId, changed: 0 } }
    },
  })
}

/** @throws Refusal when a flow has no such page. */
export function mustBePage(language: string, pageId: string): void {
  if (!isLanguage(language)) throw refusals.notFound(language)
  if (pageId !== PAGE) throw refusals.notFound(pageId)
}

function contentOf({ LocalizedStrings = [], LocalizedCollections = [] }: PageBody): PageContent {
  return {
    LocalizedStrings: LocalizedStrings.map(({ ElementId = null, StringId = null, Override = false, ...text }) => ({
      ElementType: text.ElementType,
      ElementId,
      StringId,
      Override,
      Value: text.Value,
    })),
    LocalizedCollections: LocalizedCollections.map(({ Override = false, ...list }) => ({
      ElementType: list.ElementType,
      ElementId: list.ElementId,
      TargetCollection: list.TargetCollection,
      Override,
      Items: list.Items,
    })),
  }
}
