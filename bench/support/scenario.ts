import type { Engines } from './engines.js'
import type { Baseline } from './pgbench.js'

/** One line of the table. */
export type Figure = {
  what: string
  value: number
  unit: '' | '/s' | 'ms' | 's' | 'MiB' | 'KiB per 1,000'
  /** What the project promises: at least or at most. A line without one only explains the others. */
  must?: { atLeast: number; goal?: number } | { atMost: number }
}

export type Bench = {
  engines: Engines
  /** The bare create statement; made when the first scenario asks. */
  baseline(): Promise<Baseline>
  /** Rounds are shorter and fewer, and figures rougher. */
  isQuick: boolean
  say(text: string): void
}

/** Measures one promise, ratios against a baseline of the same run. */
export type Scenario = { name: string; title: string; run(bench: Bench): Promise<Figure[]> }

/** Whether a figure keeps its promise; undefined when it makes none. */
export function isMet({ value, must }: Figure): boolean | undefined {
  if (!must) return undefined
  return 'atLeast' in must ? value >= must.atLeast : value <= must.atMost
}
