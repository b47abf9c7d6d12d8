/** Width of a text part, in columns. */
const COLUMNS = 76

// Most text is made of characters that fill one column each; only the rest is measured one by one.
const ONE_COLUMN_EACH = /^[\x20-\x7e\u00a0-\u02ff\u0370-\u058f\u2010-\u2027\u2030-\u205e]*$/
const NO_COLUMN = /^[\p{M}\p{Cf}]$/u
const TWO_COLUMNS =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{1f300}-\u{1f64f}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]$/u
/** Characters that may not begin a line in Chinese and Japanese text (a short form of JIS X 4051). */
const CLINGS_TO_LINE = /^[、。，．・：；？！」』）】〉》〕ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々]$/u
const OPENS = /^[「『（【〈《〔]$/u

/**
 * Fills lines of at most 76 columns, less the width of `prefix`, which every line then begins with. A word that is
 * wider than a line (an address) stays whole, except in scripts that are written without spaces.
 */
export function wrap(text: string, prefix = ''): string {
  const limit = COLUMNS - prefix.length
  const lines: string[] = []
  let line = ''
  let width = 0
  for (const { text: word, columns, spaced } of words(text)) {
    const gap = spaced && line !== '' ? 1 : 0
    if (line !== '' && width + gap + columns > limit) {
      lines.push(line)
      line = word
      width = columns
    } else {
      line += gap ? ` ${word}` : word
      width += gap + columns
    }
  }
  lines.push(line)
  return lines.map((line) => `${prefix}${line}`.trimEnd()).join('\n')
}

/** Lines somebody wrote, wrapped and marked as quoted: whatever they hold, no line of it passes for one of ours. */
export function quote(lines: string[]): string {
  return lines.map((line) => wrap(line, '> ')).join('\n')
}

type Word = { text: string; columns: number; spaced: boolean }

/** Pieces between which a line may end. */
function* words(text: string): Generator<Word> {
  for (const word of text.split(/[ \t]+/)) {
    if (word === '') continue
    if (ONE_COLUMN_EACH.test(word)) yield { text: word, columns: word.length, spaced: true }
    else yield* breakable(word)
  }
}

function* breakable(word: string): Generator<Word> {
  let piece: Word = { text: '', columns: 0, spaced: true }
  let wide = false
  let opened = false
  for (const character of word) {
    const columns = columnsOf(character)
    const mayBreak = (columns === 2 || (wide && columns > 0)) && !opened && !CLINGS_TO_LINE.test(character)
    if (piece.text !== '' && mayBreak) {
      yield piece
      piece = { text: '', columns: 0, spaced: false }
    }
    piece.text += character
    piece.columns += columns
    if (columns > 0) {
      wide = columns === 2
      opened = OPENS.test(character)
    }
  }
  if (piece.text !== '') yield piece
}

function columnsOf(character: string): number {
  if (TWO_COLUMNS.test(character)) return 2
  return NO_COLUMN.test(character) ? 0 : 1
}
