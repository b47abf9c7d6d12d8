import { parseArgs } from 'node:util'
import { nearestName } from '../graph/nearest.js'
import { wrongUsage } from './failure.js'

/** One `--option`. `value` is how its value is called in the help. */
export type Option =
  | { type: 'boolean'; help: string }
  | { type: 'string'; help: string; value: string; multiple?: true; required?: true }

export type Options = Readonly<Record<string, Option>>

type ValueOf<O extends Option> = O extends { type: 'boolean' }
  ? boolean
  : O extends { multiple: true }
    ? string[]
    : O extends { required: true }
      ? string
      : string | undefined

/** What was given for each option: false, an empty list or undefined when nothing was. */
export type Values<O extends Options> = { readonly [Name in keyof O]: ValueOf<O[Name]> }

/** Where a command reads and writes; standard output carries results only. */
export type Io = {
  env: NodeJS.ProcessEnv
  out(text: string): void
  err(text: string): void
  /** Whether standard error is looked at by a person. */
  isTerminal: boolean
}

export type Spec<O extends Options> = {
  /** After `vestibule`, such as `invite <address> --redirect URL`. */
  synopsis: string
  about: string
  /** The name of the one positional argument, for verbs that take one. */
  argument?: string
  options: O
  notes?: string
  examples?: readonly string[]
  /** The exit code, or undefined when the process goes on until it is told to stop. */
  run(given: { values: Values<O>; argument: string }, io: Io): Promise<number | undefined>
}

/** A verb whose options have been forgotten by the types: what `main` works with. */
export type Verb = { help: string; run(args: readonly string[], io: Io): Promise<number | undefined> }

/** Makes a verb of its description: parsing, checking and help follow from it. */
export function defineVerb<const O extends Options>(spec: Spec<O>): Verb {
  return {
    help: helpOf(spec),
    run: (args, io) => spec.run(readArguments(spec, args), io),
  }
}

function readArguments<O extends Options>(spec: Spec<O>, args: readonly string[]) {
  const { values, positionals } = parse(spec, args)
  const [argument, ...surplus] = spec.argument === undefined ? ['', ...positionals] : positionals
  // An empty one is mostly a variable of a script that was never set.
  const isThere = spec.argument === undefined || Boolean(argument?.trim())
  if (argument === undefined || !isThere) {
    throw wrongUsage(`${spec.argument} is missing. Usage: vestibule ${spec.synopsis}`)
  }
  if (surplus.length > 0) throw wrongUsage(`'${surplus[0]}' is too much. Usage: vestibule ${spec.synopsis}`)
  const complete: Record<string, string | string[] | boolean | undefined> = {}
  for (const [name, option] of Object.entries(spec.options)) {
    complete[name] = values[name] ?? emptyOf(option)
    const isMissing = option.type === 'string' && option.required && !values[name]
    if (isMissing) throw wrongUsage(`--${name} is missing. Usage: vestibule ${spec.synopsis}`)
  }
  return { values: complete as Values<O>, argument }
}

function emptyOf(option: Option): boolean | string[] | undefined {
  if (option.type === 'boolean') return false
  return option.multiple ? [] : undefined
}

type Parsed = { values: Record<string, string | string[] | boolean | undefined>; positionals: string[] }

function parse(spec: Spec<Options>, args: readonly string[]): Parsed {
  const options = Object.fromEntries(
    Object.entries(spec.options).map(([name, option]) => [
      name,
      { type: option.type, multiple: option.type === 'string' && option.multiple === true },
    ]),
  )
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
    return { values: values as Parsed['values'], positionals }
  } catch (error) {
    throw wrongUsage(`${explain(spec, error)} Usage: vestibule ${spec.synopsis}`)
  }
}

function explain(spec: Spec<Options>, error: unknown): string {
  const said = error instanceof Error ? error.message : String(error)
  const stranger = /^Unknown option '--?([^']+)'/.exec(said)?.[1]
  if (stranger === undefined) return `${said.split('\n')[0]?.replace(/\.?$/, '.')}`
  const near = nearestName(stranger, Object.keys(spec.options))
  return `There is no option --${stranger}.${near === undefined ? '' : ` Did you mean --${near}?`}`
}

function helpOf(spec: Spec<Options>): string {
  const rows = Object.entries(spec.options).map(([name, option]) => {
    const label = option.type === 'string' ? `--${name} ${option.value}` : `--${name}`
    const repeats = option.type === 'string' && option.multiple ? ' Can be given several times.' : ''
    return [label, option.help + repeats] as const
  })
  const width = Math.max(...rows.map(([label]) => label.length), 6)
  const lines = [...rows, ['--help', 'Show this.'] as const].map(([label, help]) => `  ${label.padEnd(width)}  ${help}`)
  const examples = spec.examples?.map((example) => `  vestibule ${example}`) ?? []
  return [
    `Usage: vestibule ${spec.synopsis}`,
    '',
    spec.about,
    '',
    'Options:',
    ...lines,
    ...(spec.notes === undefined ? [] : ['', spec.notes]),
    ...(examples.length === 0 ? [] : ['', 'Examples:', ...examples]),
    '',
  ].join('\n')
}
