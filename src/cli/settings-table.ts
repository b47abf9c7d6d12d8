import { Env } from '../platform/config-schema.js'

/** Every setting and what is allowed for it, for the help of the verbs that run the service. */
export function settingsTable(): string {
  const settings = Object.entries(Env.properties)
  const width = Math.max(...settings.map(([name]) => name.length))
  const lines = settings.map(([name, { description }]) => `  ${name.padEnd(width)}  ${description}`)
  return ['Settings:', ...lines].join('\n')
}
