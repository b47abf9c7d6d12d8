/** Longest name a mail shows, in characters. Longer ones end in an ellipsis. */
const NAME_LENGTH = 120

const LINE_BREAKS_AND_CONTROLS = /[\p{Cc}\u2028\u2029\s]+/gu
// Everything that draws nothing: direction controls, fillers, tags. Joiners and variation selectors stay, since names
// in Persian, Hindi and Japanese and emoji need them.
const INVISIBLE = /(?!\p{Join_Control}|\p{Variation_Selector})\p{Default_Ignorable_Code_Point}/gu
const DIRECTION_OVERRIDES = /[\u202a-\u202e]/g
const CONTROLS = /(?!\t)\p{Cc}/gu
const ANY_LINE_BREAK = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/g
const RIGHT_TO_LEFT_LETTER = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u

/**
 * One line that is safe in a header and in running text: no control character, no line break, no character that turns
 * the direction of what follows, no half of a surrogate pair.
 */
export function oneLine(text: string): string {
  return text.toWellFormed().replace(INVISIBLE, '').replace(LINE_BREAKS_AND_CONTROLS, ' ').trim()
}

/** A person's, application's or organization's name as mails show it: `oneLine`, and 120 characters at most. */
export function shownName(name: string): string {
  const line = oneLine(name)
  if (line.length <= NAME_LENGTH) return line
  const characters = [...line]
  return characters.length <= NAME_LENGTH ? line : `${characters.slice(0, NAME_LENGTH - 1).join('')}…`
}

/**
 * The message somebody wrote, with `\n` for every kind of line break. Visible text stays as it is; characters that
 * would reverse the reading order of what follows go.
 */
export function quotedLines(message: string): string[] {
  const text = message.toWellFormed().replace(ANY_LINE_BREAK, '\n')
  const lines = text.replace(DIRECTION_OVERRIDES, '').trim().split('\n')
  return lines.map((line) => line.replace(CONTROLS, ''))
}

// U+200C, because it draws nothing, changes no letter's shape after a dot, and is not allowed in a host name: a client
// that links the text in spite of it gets an address that does not resolve. U+200B and U+2060 are ignored in host
// names, so a link made across one of them would work.
const NON_JOINER = '\u200c'
const AUTO_LINKED = /:(?=\/\/)|@(?=[\p{L}\p{N}])|\.(?=\p{L}[\p{L}\p{M}]|xn--)|[\u3002\uff0e\uff61](?=[A-Za-z])/giu

/** The same text to the eye, in which mail clients find no address to turn into a link. */
export function withoutAutoLinks(text: string): string {
  return text.replace(AUTO_LINKED, `$&${NON_JOINER}`)
}

const EIGHT_DIGITS = /\p{Nd}{8}/u

/** The same text to the eye, in which no eight digits stand together: only the code itself looks like a code. */
export function withoutCodes(text: string): string {
  return EIGHT_DIGITS.test(text) ? text.replace(/\p{Nd}{4}(?=\p{Nd})/gu, `$&${NON_JOINER}`) : text
}

/** Keeps a right-to-left name from reordering a left-to-right line of plain text (UAX 9: first strong isolate). */
export function isolated(text: string): string {
  return RIGHT_TO_LEFT_LETTER.test(text) ? `\u2068${text}\u2069` : text
}

/** Up to two letters that stand for a name where there is no logo. */
export function initials(name: string): string {
  const words = shownName(name).split(' ')
  const letters = words.flatMap((word) => word.match(/[\p{L}\p{N}]\p{M}*/u)?.[0] ?? [])
  return letters.slice(0, 2).join('').toUpperCase()
}
