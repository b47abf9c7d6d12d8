import { writeFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { connectors } from './scenarios/connectors.js'
import { create } from './scenarios/create.js'
import { directory } from './scenarios/directory.js'
import { expiry } from './scenarios/expiry.js'
import { groups } from './scenarios/groups.js'
import { mail } from './scenarios/mail.js'
import { memory } from './scenarios/memory.js'
import { million } from './scenarios/million.js'
import { redeem } from './scenarios/redeem.js'
import { sessions } from './scenarios/sessions.js'
import { signIn } from './scenarios/sign-in.js'
import { signUp } from './scenarios/sign-up.js'
import { start } from './scenarios/start.js'
import { startEngines } from './support/engines.js'
import { type Baseline, createBaseline, findPgbench } from './support/pgbench.js'
import { cleanUp } from './support/processes.js'
import { type Bench, type Figure, isMet, type Scenario } from './support/scenario.js'

const scenarios: Scenario[] = [
  create,
  directory,
  expiry,
  redeem,
  mail,
  start,
  memory,
  groups,
  million,
  signIn,
  sessions,
  connectors,
  signUp,
]

const USAGE = `npm run bench -- [--only <name>]... [--quick]\n\nScenarios: ${scenarios.map(({ name }) => name).join(', ')}`

type Report = { name: string; title: string; seconds: number; figures: (Figure & { met: boolean | undefined })[] }

/** Runs the scenarios one after another on engines of its own, prints a table and writes `results.json`. */
async function main(): Promise<boolean> {
  const { values } = parseArgs({
    options: { only: { type: 'string', multiple: true }, quick: { type: 'boolean', default: false } },
  })
  const chosen = scenarios.filter(({ name }) => values.only?.includes(name) ?? true)
  const unknown = values.only?.find((name) => !scenarios.some((scenario) => scenario.name === name))
  if (unknown !== undefined) throw new Error(`There is no scenario '${unknown}'.\n\n${USAGE}`)
  findPgbench()

  const engines = await startEngines()
  let baseline: Promise<Baseline> | undefined
  const bench: Bench = {
    engines,
    baseline: () => (baseline ??= createBaseline(engines)),
    isQuick: values.quick,
    say: (text) => process.stderr.write(`  ${text}\n`),
  }
  const reports: Report[] = []
  for (const { name, title, run } of chosen) {
    process.stderr.write(`${title} ...\n`)
    const began = performance.now()
    const figures = (await run(bench)).map((figure) => ({ ...figure, met: isMet(figure) }))
    reports.push({ name, title, seconds: Math.round((performance.now() - began) / 1_000), figures })
  }
  process.stdout.write(table(reports))
  await writeFile(
    join(import.meta.dirname, 'results.json'),
    `${JSON.stringify({ ...machine(), isQuick: values.quick, reports }, null, 2)}\n`,
  )
  return reports.every(({ figures }) => figures.every(({ met }) => met !== false))
}

function machine() {
  return {
    at: new Date().toISOString(),
    node: process.version,
    processor: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`,
    memoryGiB: Math.round(totalmem() / 1_024 ** 3),
  }
}

function table(reports: Report[]): string {
  const lines = ['| Figure | Value | Must | |', '| --- | ---: | --- | --- |']
  for (const { title, figures } of reports) {
    lines.push(`| **${title}** | | | |`)
    for (const figure of figures)
      lines.push(`| ${figure.what} | ${shown(figure)} | ${wanted(figure)} | ${verdict(figure)} |`)
  }
  return `${lines.join('\n')}\n`
}

function shown({ value, unit }: Figure): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2
  return `${value.toFixed(digits)}${unit.startsWith('/') ? unit : unit && ` ${unit}`}`
}

function wanted({ must, unit }: Figure): string {
  if (!must) return ''
  if ('atMost' in must) return `at most ${must.atMost}${unit && ` ${unit}`}`
  return `at least ${must.atLeast}${must.goal === undefined ? '' : `, goal ${must.goal}`}`
}

function verdict({ must, value, met }: Figure & { met: boolean | undefined }): string {
  if (!must) return ''
  if (!met) return 'MISSED'
  return 'goal' in must && must.goal !== undefined && value >= must.goal ? 'goal met' : 'met'
}

main()
  .then(
    (isEverythingMet) => {
      process.exitCode = isEverythingMet ? 0 : 2
    },
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
      process.exitCode = 1
    },
  )
  .finally(cleanUp)
  .finally(() => process.exit())
