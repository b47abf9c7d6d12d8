import { parseDateTime } from '../../graph/date-time.js'
import { refusals } from './errors.js'
import type { DataType, ExtensionProperty, ExtensionValue, ExtensionValues } from './tables.js'

/** Names of directory extensions, as a pattern of JSON Schema has it. */
export const EXTENSION_NAME = '^extension_[0-9a-fA-F]{32}_[A-Za-z0-9_]{1,128}$'
const extensionName = new RegExp(EXTENSION_NAME)

/** Whether only a directory extension can have this name. */
export const isExtensionName = (name: string): boolean => extensionName.test(name)

/** The full name of what an application calls `name` (Graph: application-post-extensionproperty). */
export function fullName(appId: string, name: string): string {
  if (!/^[A-Za-z][A-Za-z0-9_]{0,127}$/.test(name)) throw refusals.nameMalformed()
  return `extension_${appId.replaceAll('-', '')}_${name}`
}

/** Graph: values of extensions that one object can have. */
export const MAX_VALUES = 100

type Definition = Pick<ExtensionProperty, 'id' | 'name' | 'dataType' | 'isMultiValued'>

/** What a body says of directory extensions, by their names. */
export function extensionsIn(body: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body).filter(([name]) => isExtensionName(name)))
}

/**
 * The values of an object once it is changed as a body says, and the ids of the definitions that it speaks of. `null`
 * takes a value away. Null when none is left.
 * @throws Refusal: a name nobody has defined, a value of another type, too many of them.
 */
export function changedValues(
  definitions: readonly Definition[],
  before: ExtensionValues | null | undefined,
  given: Readonly<Record<string, unknown>>,
): { values: ExtensionValues | null; touched: Definition[] } {
  const byName = new Map(definitions.map((definition) => [definition.name.toLowerCase(), definition]))
  const unknown = Object.keys(given).filter((name) => !byName.has(name.toLowerCase()))
  if (unknown.length > 0) throw refusals.notAvailable(unknown)
  const values: ExtensionValues = { ...before }
  const touched: Definition[] = []
  for (const [name, raw] of Object.entries(given)) {
    const definition = byName.get(name.toLowerCase())
    if (!definition) continue
    touched.push(definition)
    const value = raw === null ? undefined : readValue(definition, raw)
    if (value === undefined) delete values[definition.id]
    else values[definition.id] = value
  }
  const count = Object.keys(values).length
  if (count > MAX_VALUES) throw refusals.tooManyValues(count, MAX_VALUES)
  return { values: count === 0 ? null : values, touched }
}

function readValue({ name, dataType, isMultiValued }: Definition, raw: unknown): ExtensionValue | undefined {
  const { rule, read } = READERS[dataType]
  if (!isMultiValued) return read(raw) ?? refuse(name, rule)
  if (!Array.isArray(raw)) return refuse(name, `a list, each item of it ${rule}`)
  const items = raw.map((item) => read(item) ?? refuse(name, `a list, each item of it ${rule}`))
  return items.length === 0 ? undefined : items
}

function refuse(name: string, rule: string): never {
  throw refusals.invalidValue(name, rule)
}

type Reader = { rule: string; read(raw: unknown): string | number | boolean | undefined }

const wholeNumber = (least: number, most: number): Reader['read'] => {
  return (raw) => (Number.isInteger(raw) && Number(raw) >= least && Number(raw) <= most ? Number(raw) : undefined)
}

/** Graph: dataType and its limits. Numbers of 64 bits beyond what JSON's readers keep exact are refused. */
const READERS: Record<DataType, Reader> = {
  String: {
    rule: 'a string of at most 256 characters',
    read: (raw) => (typeof raw === 'string' && raw.length <= 256 ? raw : undefined),
  },
  Boolean: { rule: 'true or false', read: (raw) => (typeof raw === 'boolean' ? raw : undefined) },
  Integer: { rule: 'a whole number of 32 bits', read: wholeNumber(-(2 ** 31), 2 ** 31 - 1) },
  LargeInteger: {
    rule: 'a whole number between -9007199254740991 and 9007199254740991',
    read: wholeNumber(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
  },
  DateTime: {
    rule: 'a date and time with a zone, such as 2026-01-31T10:00:00Z',
    read: (raw) => (typeof raw === 'string' ? utc(raw) : undefined),
  },
  Binary: {
    rule: 'at most 256 bytes in base64',
    read: (raw) => (typeof raw === 'string' && isBase64(raw) ? raw : undefined),
  },
}

/** Stored in UTC (Graph), without a fraction that is nothing. */
function utc(text: string): string | undefined {
  return parseDateTime(text)?.replace(/\.?0+Z$/, 'Z')
}

function isBase64(text: string): boolean {
  return (
    Buffer.byteLength(text, 'base64') <= 256 &&
    /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)
  )
}

/** What an object with this value is found by: in lower case, in the form that `$filter` compares with. */
export function searchedForms(dataType: DataType, value: ExtensionValue | undefined): string[] {
  if (value === undefined || dataType === 'Binary') return []
  return [value].flat().map((each) => {
    const text = String(each)
    return dataType === 'DateTime' ? (parseDateTime(text) ?? text) : text.toLowerCase()
  })
}
