import { randomBytes } from 'node:crypto'

/** A finished text with places for the value of each `Slot`. */
export type Template<Slot extends string> = (values: Readonly<Record<Slot, string>>) => string

/**
 * Renders a text once to fill it in many times. `render` gets a stand-in for each slot and puts it where the value
 * belongs; a slot may have several places. The stand-ins are drawn at random for each rendering, after everything else
 * in it was chosen, so nothing that somebody wrote can pass for one. Every value goes through `write`: HTML's escapes.
 */
export function createTemplate<Slot extends string>(
  slots: readonly Slot[],
  render: (standIns: Readonly<Record<Slot, string>>) => string,
  write: (value: string) => string,
): Template<Slot> {
  const mark = `slot${randomBytes(16).toString('hex')}`
  const standIns = Object.fromEntries(slots.map((slot, index) => [slot, `${mark}n${index}n`]))
  const [first = '', ...rest] = render(standIns as Record<Slot, string>).split(`${mark}n`)
  const pieces = rest.map((piece) => {
    const end = piece.indexOf('n')
    const slot = slots[Number(piece.slice(0, end))]
    if (end < 0 || slot === undefined) throw new Error('a stand-in was changed while it was rendered')
    return { slot, after: piece.slice(end + 1) }
  })
  return (values) => {
    let text = first
    for (const { slot, after } of pieces) text += write(values[slot]) + after
    return text
  }
}
