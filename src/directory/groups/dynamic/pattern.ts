import { malformedRule } from './rule-error.js'

/** A pattern matches at most this many characters' worth of states once its repetitions are written out. */
const MAX_STATES = 1_000
const MAX_REPETITIONS = 255
const MAX_DEPTH = 16

/** Escapes that both languages have, and PostgreSQL's spelling of those it calls otherwise. */
const ESCAPES: Readonly<Record<string, string>> = {
  d: '\\d',
  D: '\\D',
  w: '\\w',
  W: '\\W',
  s: '\\s',
  S: '\\S',
  t: '\\t',
  n: '\\n',
  r: '\\r',
  b: '\\y',
  B: '\\Y',
  A: '^',
  z: '$',
  Z: '$',
}
const IN_BRACKETS = /^[dwstnr]$/
const QUANTIFIER = /(?:[*+?]|\{(\d{1,4})(,(\d{1,4})?)?\})/y

type Part = { text: string; states: number; takesQuantifier: boolean }

/**
 * Translates the pattern of `-match` into PostgreSQL's regular expressions, in which it is run: without back
 * references, look-around and captures they are matched by an automaton, in time linear in the text. What would need
 * more (or means something else there) is refused, and so are repetitions that would make the automaton large.
 * @throws Refusal that tells the position of the pattern in the rule.
 */
export function readPattern(pattern: string, at: number): string {
  const reader = new PatternReader(pattern, at)
  const { text, states } = reader.alternatives(0)
  reader.expectEnd()
  if (states > MAX_STATES) throw malformedRule('a pattern with too many repetitions', at)
  return text
}

class PatternReader {
  readonly #pattern: readonly string[]
  readonly #at: number
  #next = 0

  constructor(pattern: string, at: number) {
    this.#pattern = [...pattern]
    this.#at = at
  }

  expectEnd(): void {
    if (this.#next < this.#pattern.length) throw this.#refuse("a ')' without its '('")
  }

  alternatives(depth: number): Part {
    if (depth > MAX_DEPTH) throw this.#refuse('groups nested too deep')
    const texts: string[] = []
    let states = 0
    do {
      const branch = this.#branch(depth)
      texts.push(branch.text)
      states += branch.states
    } while (this.#takes('|'))
    return { text: texts.join('|'), states, takesQuantifier: true }
  }

  #branch(depth: number): Part {
    let text = ''
    let states = 1
    for (;;) {
      const next = this.#pattern[this.#next]
      if (next === undefined || next === '|' || next === ')') return { text, states, takesQuantifier: false }
      const piece = this.#quantified(this.#atom(depth))
      text += piece.text
      states += piece.states
    }
  }

  #atom(depth: number): Part {
    const character = this.#pattern[this.#next++] ?? ''
    switch (character) {
      case '(':
        return this.#group(depth)
      case '[':
        return { text: this.#brackets(), states: 1, takesQuantifier: true }
      case '\\':
        return this.#escape()
      case '.':
        return { text: '.', states: 1, takesQuantifier: true }
      case '^':
      case '$':
        return { text: character, states: 1, takesQuantifier: false }
      case '*':
      case '+':
      case '?':
        throw this.#refuse(`'${character}' with nothing to repeat`)
    }
    return { text: literal(character), states: 1, takesQuantifier: true }
  }

  #group(depth: number): Part {
    if (this.#takes('?') && !this.#takes(':')) throw this.#refuse("'(?' other than '(?:'")
    const { text, states } = this.alternatives(depth + 1)
    if (!this.#takes(')')) throw this.#refuse("a '(' without its ')'")
    return { text: `(?:${text})`, states, takesQuantifier: true }
  }

  #escape(): Part {
    const character = this.#pattern[this.#next++]
    if (character === undefined) throw this.#refuse("a '\\' at the end")
    const known = Object.hasOwn(ESCAPES, character) ? ESCAPES[character] : undefined
    if (known !== undefined) return { text: known, states: 1, takesQuantifier: !/[bBAzZ]/.test(character) }
    if (/[\p{L}\p{N}_]/u.test(character)) throw this.#refuse(`'\\${character}', which is not supported,`)
    return { text: literal(character), states: 1, takesQuantifier: true }
  }

  #brackets(): string {
    let text = this.#takes('^') ? '[^' : '['
    let previous: string | undefined
    for (let isFirst = true; ; isFirst = false) {
      const character = this.#pattern[this.#next++]
      if (character === undefined) throw this.#refuse("a '[' without its ']'")
      if (character === ']' && !isFirst) return `${text}]`
      if (character === '-' && previous !== undefined && this.#pattern[this.#next] !== ']') {
        const last = this.#bracketed(this.#pattern[this.#next++])
        if (last.single === undefined || previous > last.single) throw this.#refuse('a range that is none')
        text += `-${last.text}`
        previous = undefined
        continue
      }
      const item = this.#bracketed(character)
      text += item.text
      previous = item.single
    }
  }

  /** One item between brackets; `single` when it can begin or end a range. */
  #bracketed(character: string | undefined): { text: string; single: string | undefined } {
    if (character === undefined) throw this.#refuse("a '[' without its ']'")
    if (character !== '\\') return { text: literal(character), single: character }
    const escaped = this.#pattern[this.#next++] ?? ''
    if (IN_BRACKETS.test(escaped)) return { text: `\\${escaped}`, single: undefined }
    if (escaped === '' || /[\p{L}\p{N}_]/u.test(escaped)) {
      throw this.#refuse(`'\\${escaped}' between brackets, which is not supported,`)
    }
    return { text: literal(escaped), single: escaped }
  }

  /** What a match says does not depend on who is greedy: a `?` behind a quantifier is dropped. */
  #quantified(part: Part): Part {
    const rest = this.#pattern.slice(this.#next, this.#next + 12).join('')
    QUANTIFIER.lastIndex = 0
    const [quantifier, least, comma, most] = QUANTIFIER.exec(rest) ?? []
    if (quantifier === undefined) return part
    if (!part.takesQuantifier) throw this.#refuse(`'${quantifier}' with nothing to repeat`)
    this.#next += quantifier.length
    this.#takes('?')
    const times = repetitions(least, comma, most)
    if (times === undefined) throw this.#refuse(`'${quantifier}', which is more than ${MAX_REPETITIONS} or none,`)
    const again = this.#pattern[this.#next]
    if (again === '*' || again === '+' || again === '?') throw this.#refuse(`'${again}' with nothing to repeat`)
    return { text: part.text + quantifier, states: part.states * times, takesQuantifier: false }
  }

  #takes(character: string): boolean {
    if (this.#pattern[this.#next] !== character) return false
    this.#next += 1
    return true
  }

  #refuse(what: string) {
    return malformedRule(`${what} in the pattern`, this.#at + this.#next)
  }
}

/** How often an atom stands in the pattern once its repetitions are written out; undefined beyond what is allowed. */
function repetitions(least: string | undefined, comma: string | undefined, most: string | undefined) {
  if (least === undefined) return 2
  const from = Number(least)
  const to = most === undefined ? (comma === undefined ? from : from + 1) : Number(most)
  return from > MAX_REPETITIONS || to > MAX_REPETITIONS || to < from ? undefined : Math.max(to, 1)
}

/** PostgreSQL takes a backslash before anything that is no letter or digit for that character. */
function literal(character: string): string {
  return /[\p{L}\p{N}\s_]/u.test(character) || character > '\x7f' ? character : `\\${character}`
}
