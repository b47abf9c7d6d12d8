import { isLanguage, LANGUAGES } from '../../platform/i18n/index.js'
import { refusals } from '../errors.js'
import type { FlowChanges } from './schema.js'
import type { FlowColumns } from './store.js'

/** What a body says of the columns of a flow. @throws Refusal for a value that none of them can have. */
export function columnsOf(wish: FlowChanges): FlowColumns {
  const { isEnabled, requiresApproval, requestLifetimeDays, termsOfUseUrl, defaultLanguage } = wish
  if (typeof termsOfUseUrl === 'string' && !isWebAddress(termsOfUseUrl)) throw refusals.invalidUrl('termsOfUseUrl')
  if (defaultLanguage !== undefined && !isLanguage(defaultLanguage)) {
    const known = LANGUAGES.map(({ code }) => code)
    throw refusals.unknownLanguage('defaultLanguage', known)
  }
  return {
    ...(isEnabled !== undefined && { isEnabled }),
    ...(requiresApproval !== undefined && { requiresApproval }),
    ...(requestLifetimeDays !== undefined && { requestLifetimeDays }),
    ...(termsOfUseUrl !== undefined && { termsOfUseUrl }),
    ...(defaultLanguage !== undefined && { defaultLanguage }),
  }
}

/** People are sent there from a page of ours: a link to the web and nothing else. */
function isWebAddress(text: string): boolean {
  return /^https?:\/\/[^\s\\]+$/i.test(text) && URL.canParse(text) && new URL(text).username === ''
}
