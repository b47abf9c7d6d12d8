import { FormatRegistry, type TSchema, TypeGuard } from '@sinclair/typebox'
import { parseEmailAddress } from '../kernel/email-address.js'
import { isGuid } from '../kernel/ids.js'
import { parseDateTime } from './date-time.js'

declare module '@sinclair/typebox' {
  interface SchemaOptions {
    /** The rule in words, to follow "it must be": replaces what the schema alone would say. */
    rule?: string
  }
}

const formats: Record<string, { check: (text: string) => boolean; rule: string }> = {
  uuid: { check: isGuid, rule: 'a GUID' },
  'date-time': {
    check: (text) => parseDateTime(text) !== undefined,
    rule: 'a date and time with a zone, such as 2026-01-31T10:00:00Z',
  },
  email: {
    check: (text) => parseEmailAddress(text) !== undefined,
    rule: 'an e-mail address such as ana@partner.example',
  },
  uri: { check: isWebAddress, rule: 'an absolute http or https URL' },
}

for (const [name, { check }] of Object.entries(formats)) FormatRegistry.Set(name, check)

/** What a schema asks of a value, to follow "it must be". */
export function ruleOf(schema: TSchema): string {
  if (schema.rule !== undefined) return schema.rule
  if (TypeGuard.IsString(schema)) return stringRule(schema)
  if (TypeGuard.IsInteger(schema)) return `a whole number${range(schema.minimum, schema.maximum)}`
  if (TypeGuard.IsNumber(schema)) return `a number${range(schema.minimum, schema.maximum)}`
  if (TypeGuard.IsBoolean(schema)) return 'true or false'
  if (TypeGuard.IsNull(schema)) return 'null'
  if (TypeGuard.IsLiteral(schema)) return quoted(schema.const)
  if (TypeGuard.IsArray(schema)) return `a list${range(schema.minItems, schema.maxItems, 'item')}`
  if (TypeGuard.IsUnion(schema)) return oneOf(schema.anyOf.map(ruleOf))
  if (TypeGuard.IsObject(schema) || TypeGuard.IsRecord(schema)) return 'an object'
  return 'a value this property can take'
}

function stringRule(schema: { format?: string; minLength?: number; maxLength?: number; pattern?: string }): string {
  const format = schema.format === undefined ? undefined : formats[schema.format]?.rule
  if (format !== undefined) return format
  const { minLength: min, maxLength: max } = schema
  if (min === 1 && max === undefined) return 'a string that is not empty'
  const length = range(min, max, 'character')
  return schema.pattern === undefined ? `a string${length}` : `a string${length} of the form ${schema.pattern}`
}

/** ` of 1 to 5 items`, ` from 1 to 9`: the part of a rule that limits a number of `unit`s, or a number itself. */
function range(min: number | undefined, max: number | undefined, unit?: string): string {
  const [of, from] = unit === undefined ? ['', ' from'] : [' of', ' of']
  const counted = (count: number) => (unit === undefined ? `${count}` : `${count} ${unit}${count === 1 ? '' : 's'}`)
  if (min !== undefined && max !== undefined)
    return min === max ? `${of} exactly ${counted(min)}` : `${from} ${min} to ${counted(max)}`
  if (max !== undefined) return `${of} at most ${counted(max)}`
  return min === undefined ? '' : `${of} at least ${counted(min)}`
}

function quoted(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value)
}

function oneOf(rules: string[]): string {
  if (rules.length < 2) return rules.join('')
  return `${rules.slice(0, -1).join(', ')} or ${rules.at(-1)}`
}

function isWebAddress(text: string): boolean {
  if (!/^https?:\/\/[^/\s]/i.test(text)) return false
  return URL.canParse(text)
}
