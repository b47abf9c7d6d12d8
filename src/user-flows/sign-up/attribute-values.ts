import { parseEmailAddress } from '../../kernel/email-address.js'
import type { Claims, ClaimValue, FlowAttribute, UserFlow } from '../words.js'
import { matches } from './pattern.js'

/** Characters of one answer: what a user's properties and directory extensions hold. */
export const MOST_CHARACTERS = 256

/** What is wrong with an answer. `pattern`: the administrator's own message, where there is one. */
export type Problem =
  | { kind: 'required' | 'notNumber' | 'notDate' | 'notAddress' | 'notChoice' | 'tooLong' | 'unticked' }
  | { kind: 'tooSmall' | 'tooBig'; bound: number }
  | { kind: 'pattern'; message: string | undefined }

export type Fields = Readonly<Record<string, string | undefined>>
export type Reading = { claims: Claims; problems: ReadonlyMap<string, Problem> }

/** Questions of a flow that are asked. The address is proved, never typed (spec 11: `email`). */
export function askedAttributes({ attributes }: Pick<UserFlow, 'attributes'>): FlowAttribute[] {
  return attributes.filter(({ claim }) => !['email', 'emails', 'mail'].includes(claim.toLowerCase()))
}

/** Name of a field of a question: the nth box of a choice, or a part of a date. */
export function fieldName({ claim }: Pick<FlowAttribute, 'claim'>, part?: number | 'day' | 'month' | 'year'): string {
  return part === undefined ? claim : `${claim}.${part}`
}

/** Reads a submitted form: the answers as claims, and what is wrong with the others. */
export function readAnswers(attributes: readonly FlowAttribute[], fields: Fields): Reading {
  const claims: Record<string, ClaimValue> = {}
  const problems = new Map<string, Problem>()
  for (const attribute of attributes) {
    const read = readOne(attribute, fields)
    if ('problem' in read) problems.set(attribute.claim, read.problem)
    else if (read.value !== undefined) claims[attribute.claim] = read.value
    else if (attribute.isRequired) problems.set(attribute.claim, { kind: 'required' })
  }
  return { claims, problems }
}

/** Whatever was pasted, or came from another system: no line ends, and nothing that no text can hold. */
function oneLine(text: string): string {
  return text.toWellFormed().replaceAll(/\p{Cc}+/gu, ' ')
}

type Read = { value: ClaimValue | undefined } | { problem: Problem }

function readOne(attribute: FlowAttribute, fields: Fields): Read {
  const typed = oneLine(fields[fieldName(attribute)] ?? '').trim()
  switch (attribute.inputType) {
    case 'checkbox':
      if (typed !== 'true' && attribute.isRequired) return { problem: { kind: 'unticked' } }
      return { value: typed === 'true' }
    case 'checkboxMultiSelect':
      return readChoices(attribute, fields)
    case 'dateTimeDropdown':
      return readDate(attribute, fields)
    default:
      return typed === '' ? { value: undefined } : readText(attribute, typed)
  }
}

function readText(attribute: FlowAttribute, typed: string): Read {
  const { inputType, dataType, values, validation } = attribute
  if (typed.length > MOST_CHARACTERS) return { problem: { kind: 'tooLong' } }
  if (inputType === 'emailBox' && !parseEmailAddress(typed)) return { problem: { kind: 'notAddress' } }
  const isChoice = inputType === 'radioSingleSelect' || inputType === 'dropdownSingleSelect'
  // Of yes and no a list may be left out.
  const choices = values.length > 0 ? values.map(({ value }) => value) : dataType === 'boolean' ? ['true', 'false'] : []
  if (isChoice && !choices.includes(typed)) return { problem: { kind: 'notChoice' } }
  if (dataType === 'boolean') return { value: typed === 'true' }
  if (dataType === 'int64') return readNumber(attribute, typed)
  const { regularExpression: pattern, message } = validation ?? {}
  if (pattern !== undefined && !matches(pattern, typed)) return { problem: { kind: 'pattern', message } }
  return { value: dataType === 'stringCollection' ? [typed] : typed }
}

function readNumber({ validation }: FlowAttribute, typed: string): Read {
  const number = wholeNumber(typed)
  if (number === undefined) return { problem: { kind: 'notNumber' } }
  const { minimum, maximum } = validation ?? {}
  if (minimum !== undefined && number < minimum) return { problem: { kind: 'tooSmall', bound: minimum } }
  if (maximum !== undefined && number > maximum) return { problem: { kind: 'tooBig', bound: maximum } }
  return { value: number }
}

/** As people write it: with spaces between thousands, or in the digits of their keyboard. */
function wholeNumber(typed: string): number | undefined {
  const digits = typed
    .normalize('NFKC')
    .replace(/[\s\u202f']/g, '')
    .replace(/[\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
  const number = Number(digits)
  return /^[+-]?\d{1,16}$/.test(digits) && Number.isSafeInteger(number) ? number : undefined
}

function readChoices(attribute: FlowAttribute, fields: Fields): Read {
  const ticked = attribute.values.flatMap(({ value }, index) =>
    fields[fieldName(attribute, index)] === value ? [value] : [],
  )
  if (ticked.length === 0) return { value: undefined }
  if (attribute.dataType === 'stringCollection') return { value: ticked }
  const joined = ticked.join(',')
  return joined.length > MOST_CHARACTERS ? { problem: { kind: 'tooLong' } } : { value: joined }
}

function readDate(attribute: FlowAttribute, fields: Fields): Read {
  const [day, month, year] = (['day', 'month', 'year'] as const).map((part) =>
    (fields[fieldName(attribute, part)] ?? '').trim(),
  )
  if (!day && !month && !year) return { value: undefined }
  const [d, m, y] = [day, month, year].map((part) => wholeNumber(part ?? '') ?? Number.NaN)
  const date = new Date(Date.UTC(y ?? 0, (m ?? 0) - 1, d ?? 0))
  const isReal =
    date.getUTCFullYear() === y && date.getUTCMonth() + 1 === m && date.getUTCDate() === d && (y ?? 0) > 999
  return isReal ? { value: `${date.toISOString().slice(0, 19)}Z` } : { problem: { kind: 'notDate' } }
}

/** What stands in the fields for these claims: what was answered, known or set as a default. */
export function fieldsFor(attributes: readonly FlowAttribute[], claims: Claims): Record<string, string> {
  const fields: Record<string, string> = {}
  for (const attribute of attributes) {
    const given = claims[attribute.claim]
    const value = given === undefined ? defaultOf(attribute) : given
    if (value === undefined) continue
    if (attribute.inputType === 'checkboxMultiSelect') {
      const ticked: readonly string[] = Array.isArray(value) ? value.map(String) : String(value).split(',')
      attribute.values.forEach(({ value: choice }, index) => {
        if (ticked.includes(choice)) fields[fieldName(attribute, index)] = choice
      })
    } else if (attribute.inputType === 'dateTimeDropdown') {
      const [, year = '', month = '', day = ''] = /^(\d{4})-(\d{2})-(\d{2})/.exec(String(value)) ?? []
      fields[fieldName(attribute, 'year')] = year
      fields[fieldName(attribute, 'month')] = month.replace(/^0/, '')
      fields[fieldName(attribute, 'day')] = day.replace(/^0/, '')
    } else fields[fieldName(attribute)] = String(value)
  }
  return fields
}

function defaultOf({ defaultValue, values }: FlowAttribute): ClaimValue | undefined {
  if (defaultValue !== undefined) return defaultValue
  const chosen = values.filter(({ isDefault }) => isDefault).map(({ value }) => value)
  return chosen.length > 0 ? chosen : undefined
}

/**
 * Of claims that a connector returned, those that the flow has, by their own names (spec 11: the application's id may be
 * left out of a name) and as values of their types. Others are passed over: nothing is stored that is not asked.
 */
export function claimsOfFlow(flow: Pick<UserFlow, 'attributes'>, claims: Claims): Claims {
  const known = new Map<string, FlowAttribute>()
  for (const attribute of askedAttributes(flow)) {
    const name = attribute.claim.toLowerCase()
    known.set(name.replace(/^extension_[0-9a-f]{32}_/, 'extension_'), attribute).set(name, attribute)
  }
  const own: Record<string, ClaimValue> = {}
  for (const [name, value] of Object.entries(claims)) {
    const attribute = known.get(name.toLowerCase())
    const read = attribute && asType(attribute, value)
    if (attribute && read !== undefined) own[attribute.claim] = read
  }
  return own
}

function asType({ dataType }: FlowAttribute, value: ClaimValue): ClaimValue | undefined {
  switch (dataType) {
    case 'boolean':
      return typeof value === 'boolean' ? value : { true: true, false: false }[String(value).toLowerCase()]
    case 'int64':
      return wholeNumber(String(value))
    case 'dateTime': {
      const time = typeof value === 'string' ? Date.parse(value) : Number.NaN
      return Number.isNaN(time) ? undefined : `${new Date(time).toISOString().slice(0, 19)}Z`
    }
    case 'stringCollection': {
      const items = (Array.isArray(value) ? value : [value]).filter((item) => typeof item === 'string').map(oneLine)
      return items.length > 0 && items.every((item) => item.length <= MOST_CHARACTERS) ? items : undefined
    }
    case 'string': {
      const text = oneLine(Array.isArray(value) ? value.join(',') : String(value))
      return text.length <= MOST_CHARACTERS ? text : undefined
    }
  }
}

/** Questions that have to be answered and are not: the flow asks more than it did when the form was sent. */
export function unanswered(flow: Pick<UserFlow, 'attributes'>, claims: Claims): FlowAttribute[] {
  return askedAttributes(flow).filter(({ claim, isRequired }) => isRequired && (claims[claim] ?? '') === '')
}
