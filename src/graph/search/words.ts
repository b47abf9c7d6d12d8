/** The same characters as `search_spaces()` in functions.sql. */
const SPACES = /[ \t\n\v\f\r\u00a0\u3000\u2013\u2014\u2018\u2019\u201c\u201d\u00b7\u2026]+/u
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters separate words too.
const SYMBOLS = /[\x01-\x08\x0e-\x1f!-/:-@[-`{-\x7f]+/g
const BOUNDARIES = /([a-z])(?=[A-Z])|([A-Z])(?=[A-Z][a-z])|([0-9])(?=[^0-9])|([^0-9])(?=[0-9])/g

/** Characters of a word in the index. */
const MAX_WORD = 64

/**
 * The words somebody searches for, in lower case and without repetitions: cut at spaces, symbols, digits and changes of
 * case, as `search_words_of` in functions.sql cuts what is found.
 */
export function wordsOf(text: string): string[] {
  const cut = text.replace(SYMBOLS, ' ').replace(BOUNDARIES, '$& ')
  const words = cut.split(SPACES).filter((word) => word !== '')
  return [...new Set(words.map((word) => [...word.toLowerCase()].slice(0, MAX_WORD).join('')))]
}
