import type { FlowAttribute, InputType } from '../words.js'

/** Graph: every flow's `id` begins with it. */
export const ID_PREFIX = 'B2X_1_'

/** People who may decide about the requests of one flow, groups counted as one. */
export const MOST_APPROVERS = 10
/** Questions of one flow: what a page can hold. */
export const MOST_ASSIGNMENTS = 50

/** Graph: userAttributeValuesItem. */
export type ChoiceValue = { name: string; value: string; isDefault: boolean }

/** Addition: what an answer is checked against. */
export type Validation = { regularExpression?: string; minimum?: number; maximum?: number; message?: string }

/** Graph: identityUserFlowAttributeInputType. */
export const USER_INPUT_TYPES = [
  'textBox',
  'dateTimeDropdown',
  'radioSingleSelect',
  'dropdownSingleSelect',
  'emailBox',
  'checkboxMultiSelect',
] as const
export type UserInputType = (typeof USER_INPUT_TYPES)[number]

type DataType = FlowAttribute['dataType']

/** What an attribute can be asked with. */
const INPUTS_OF: Record<DataType, readonly UserInputType[]> = {
  string: ['textBox', 'emailBox', 'radioSingleSelect', 'dropdownSingleSelect', 'checkboxMultiSelect'],
  boolean: ['checkboxMultiSelect', 'radioSingleSelect', 'dropdownSingleSelect'],
  int64: ['textBox', 'radioSingleSelect', 'dropdownSingleSelect'],
  stringCollection: ['checkboxMultiSelect'],
  dateTime: ['dateTimeDropdown'],
}

/** Whether an input shows a list of values to choose from. Of true and false, one box is enough. */
function showsChoices(input: UserInputType, dataType: DataType): boolean {
  if (input === 'checkboxMultiSelect') return dataType !== 'boolean'
  return input === 'radioSingleSelect' || input === 'dropdownSingleSelect'
}

/**
 * How a question is asked on the page. Graph has no input of its own for numbers nor for yes and no: a text box for a
 * number is a number box, and check boxes for true and false are one box.
 */
export function inputTypeOf(input: string, dataType: DataType): InputType {
  if (input === 'textBox' && dataType === 'int64') return 'numberBox'
  if (input === 'checkboxMultiSelect' && dataType === 'boolean') return 'checkbox'
  return USER_INPUT_TYPES.find((known) => known === input) ?? 'textBox'
}

/** Whether a text is a value of the type, as a choice, a default or an answer gives it; dates are `2026-01-31`. */
export function isValueOf(dataType: DataType, text: string): boolean {
  if (dataType === 'boolean') return text === 'true' || text === 'false'
  if (dataType === 'int64') return /^-?\d{1,16}$/.test(text) && Number.isSafeInteger(Number(text))
  if (dataType === 'dateTime') return isDay(text)
  return text.length <= MOST_CHARACTERS
}

/** Characters of an answer: what a directory extension holds. */
const MOST_CHARACTERS = 256

function isDay(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)?.map(Number) ?? []
  if (year === undefined || month === undefined || day === undefined || month < 1 || month > 12) return false
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const days = month === 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31
  return year > 0 && day >= 1 && day <= days
}

/** A question, as far as its parts have to fit each other. */
export type Question = {
  userInputType: UserInputType
  userAttributeValues: readonly ChoiceValue[]
  defaultValue: string | null
  validation: Validation | null
}

/** What does not fit in a question about an attribute of this type: the property, and what it must be. */
export function misfitOf(dataType: DataType, question: Question): { property: string; rule: string } | undefined {
  const { userInputType, userAttributeValues: values, defaultValue, validation } = question
  const inputs = INPUTS_OF[dataType]
  if (!inputs.includes(userInputType)) {
    return { property: 'userInputType', rule: `${inputs.join(', ')}: what the type ${dataType} can be asked with` }
  }
  const misfit = misfitOfChoices(dataType, userInputType, values)
  if (misfit) return misfit
  if (defaultValue !== null && !isValueOf(dataType === 'stringCollection' ? 'string' : dataType, defaultValue)) {
    return { property: 'defaultValue', rule: `a value of the type ${dataType}` }
  }
  if (defaultValue !== null && values.length > 0 && !values.some(({ value }) => value === defaultValue)) {
    return { property: 'defaultValue', rule: 'one of userAttributeValues' }
  }
  return validation ? misfitOfValidation(dataType, validation) : undefined
}

function misfitOfChoices(dataType: DataType, input: UserInputType, values: readonly ChoiceValue[]) {
  const property = 'userAttributeValues'
  if (!showsChoices(input, dataType)) {
    return values.length > 0 ? { property, rule: `empty with the input type ${input}` } : undefined
  }
  if (values.length === 0) return { property, rule: `at least one item with the input type ${input}` }
  const stored = values.map(({ value }) => value)
  if (new Set(stored).size < stored.length) return { property, rule: 'items of which each has another value' }
  if (!stored.every((value) => isValueOf(dataType, value))) return { property, rule: `values of the type ${dataType}` }
  // Several answers to a question for one text are kept with commas between them.
  if (input === 'checkboxMultiSelect' && dataType === 'string' && stored.some((value) => value.includes(','))) {
    return { property, rule: 'values without commas, since several of them are kept as one text' }
  }
  const defaults = values.filter(({ isDefault }) => isDefault).length
  return defaults > 1 && input !== 'checkboxMultiSelect'
    ? { property, rule: 'items of which one is the default' }
    : undefined
}

function misfitOfValidation(dataType: DataType, { regularExpression, minimum, maximum }: Validation) {
  if (regularExpression !== undefined) {
    const property = 'validation.regularExpression'
    if (dataType !== 'string') return { property, rule: 'absent for an attribute that is no text' }
    if (!isSafePattern(regularExpression)) return { property, rule: PATTERN_RULE }
  }
  if ((minimum !== undefined || maximum !== undefined) && dataType !== 'int64') {
    return { property: 'validation.minimum', rule: 'absent for an attribute that is no number' }
  }
  const isRange = minimum === undefined || maximum === undefined || minimum <= maximum
  return isRange ? undefined : { property: 'validation.maximum', rule: 'at least validation.minimum' }
}

const PATTERN_RULE =
  'a regular expression of at most 256 characters, without back references, look-around and repeated groups that hold repetitions or alternatives, and with at most three repetitions of unknown length'

/**
 * Whether a regular expression takes little time with whatever visitors type: what repeats is simple, and there is little
 * of it, so that trying all of its ways through 256 characters takes milliseconds.
 */
export function isSafePattern(pattern: string): boolean {
  if (pattern.length > 256 || !compiles(pattern) || /\\(?:[1-9]|k)/.test(pattern)) return false
  const bare = pattern
    .replaceAll(/\\(?:[pP]\{[^}]*\}|u\{[^}]*\}|.)/gsu, 'x')
    .replaceAll(/\[[^\]]*\]/g, 'x')
    .replaceAll('(?:', '(')
  if (bare.includes('(?')) return false
  const counted = [...bare.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].flatMap(([, least, most]) => [least, most || '0'])
  if (counted.some((times) => Number(times ?? 0) > 256)) return false
  const plain = bare.replaceAll(/\{\d+\}/g, '')
  if (
    /\)[^()]*\)[*+{]/.test(plain) ||
    [...plain.matchAll(/\(([^()]*)\)[*+{]/g)].some(([, inner]) => /[*+?{|]/.test(inner ?? ''))
  ) {
    return false
  }
  const open = plain.match(/[*+]|\{\d+,\d*\}/g)?.length ?? 0
  const optional = plain.match(/\?/g)?.length ?? 0
  return open <= 3 && optional <= 8
}

function compiles(pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u').source !== ''
  } catch {
    return false
  }
}

/** The id that a flow has which its creator calls `given`; undefined when no flow can be called that. */
export function flowIdOf(given: string): string | undefined {
  const name = given.toLowerCase().startsWith(ID_PREFIX.toLowerCase()) ? given.slice(ID_PREFIX.length) : given
  return /^[A-Za-z0-9_-]{1,64}$/.test(name) ? `${ID_PREFIX}${name}` : undefined
}
