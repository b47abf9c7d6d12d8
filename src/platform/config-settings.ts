import { Value } from '@sinclair/typebox/value'
import { Env, NAMES, type Name, ruleOf } from './config-schema.js'

/** The values given, and what is wrong with them so far. */
export class Settings {
  readonly #given: Partial<Record<Name, string>>
  readonly #problems = new Map<Name, string>()

  constructor(env: NodeJS.ProcessEnv) {
    const given = NAMES.map((name) => [name, env[name]?.trim()] as const).filter(([, value]) => value)
    this.#given = Object.fromEntries(given)
    // A path is a slash and a name of the schema, since every property is a string of its own.
    for (const error of Value.Errors(Env, this.#given)) this.refuse(error.path.slice(1) as Name)
  }

  /** The first problem with a name is the one that is told. */
  refuse(name: Name, rule: string = ruleOf(name)): void {
    if (!this.#problems.has(name)) this.#problems.set(name, rule)
  }

  text(name: Name): string | undefined {
    return this.#problems.has(name) ? undefined : this.#given[name]
  }

  isGiven(name: Name): boolean {
    return this.#given[name] !== undefined
  }

  /** What `parse` makes of the value; a value it cannot read is a problem. */
  read<T>(name: Name, parse: (text: string) => T | undefined): T | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const value = parse(text)
    if (value === undefined) this.refuse(name)
    return value
  }

  require(name: Name, when: string): void {
    if (!this.isGiven(name)) this.refuse(name, `is required ${when}; ${ruleOf(name)}`)
  }

  throwProblems(): void {
    if (this.#problems.size === 0) return
    const lines = [...this.#problems].map(([name, rule]) => `  ${name}: ${rule}`)
    throw new Error(`The configuration cannot be used:\n${lines.join('\n')}`)
  }
}
