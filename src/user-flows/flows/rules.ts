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

/** The input types that `dataType` can be asked with. */
export function inputsOf(dataType: DataType): readonly UserInputType[] {
  return INPUTS_OF[dataType]
}

/** Whether an input shows a list of values to choose from. Of true and false, one box is enough. */
export function showsChoices(input: UserInputType, dataType: DataType): boolean {
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

/** Whether a text is a value of the type, as a choice, a default or an answer gives it. */
export function isValueOf(dataType: DataType, text: string): boolean {
  if (dataType === 'boolean') return text === 'true' || text === 'false'
  if (dataType === 'int64') return /^-?\d{1,16}$/.test(text) && Number.isSafeInteger(Number(text))
  if (dataType === 'dateTime') return /^\d{4}-\d{2}-\d{2}(?:T.*)?$/.test(text) && !Number.isNaN(Date.parse(text))
  return text.length <= 256
}

/** The id that a flow has whom its creator calls `given`; undefined when no flow can be called that. */
export function flowIdOf(given: string): string | undefined {
  const name = given.toLowerCase().startsWith(ID_PREFIX.toLowerCase()) ? given.slice(ID_PREFIX.length) : given
  return /^[A-Za-z0-9_-]{1,64}$/.test(name) ? `${ID_PREFIX}${name}` : undefined
}
