/** `#rrggbb`, lower case. */
export type Colour = `#${string}`

/** What a tenant's colour becomes on one surface: the button, its label, and its border (also the page's top line). */
export type BrandScheme = { fill: Colour; ink: Colour; edge: Colour }
export type BrandColours = { light: BrandScheme; dark: BrandScheme }

type Channels = readonly [red: number, green: number, blue: number]

// `--card` and `--ink` of pages.css in both schemes.
const LIGHT = { surface: '#ffffff', text: '#1b1d1f' } as const
const DARK = { surface: '#181b1e', text: '#eceef0' } as const
const WHITE = '#ffffff'
const BLACK = '#000000'

/** Below this contrast with the surface a button could not be seen, so our neutral takes its place. */
const VISIBLE = 1.25
/** WCAG 2.2, 1.4.3: text. White or black always reaches it, since the two cannot both stay under 4.58. */
const READABLE = 4.5
/** WCAG 2.2, 1.4.11: the outline of a control. */
const DISTINCT = 3

/** Whether `text` is a colour a tenant may choose: `#rrggbb`. */
export function isColour(text: string): text is Colour {
  return /^#[0-9a-f]{6}$/i.test(text)
}

/**
 * The brand values of a tenant's colour for light and dark surfaces, corrected until label and outline have enough
 * contrast (WCAG 2.2 AA). Pure; a tenant's values are computed when the colour is saved.
 *
 * @throws Error when `colour` is not `#rrggbb`; callers check with `isColour`.
 */
export function brandColours(colour: string): BrandColours {
  if (!isColour(colour)) throw new Error('a brand colour must be written #rrggbb')
  const chosen = colour.toLowerCase() as Colour
  return { light: schemeOn(chosen, LIGHT), dark: schemeOn(chosen, DARK) }
}

/** Contrast ratio of two colours, 1 to 21 (WCAG 2.2, "contrast ratio"). */
export function contrast(one: Colour, other: Colour): number {
  const a = luminance(channels(one))
  const b = luminance(channels(other))
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

function schemeOn(colour: Colour, { surface, text }: { surface: Colour; text: Colour }): BrandScheme {
  const fill = contrast(colour, surface) < VISIBLE ? text : colour
  const ink = contrast(fill, WHITE) >= READABLE ? WHITE : BLACK
  return { fill, ink, edge: edgeOf(fill, surface, text) }
}

function edgeOf(fill: Colour, surface: Colour, text: Colour): Colour {
  for (let percent = 0; percent < 100; percent += 5) {
    const edge = mix(fill, text, percent / 100)
    if (contrast(edge, surface) >= DISTINCT) return edge
  }
  return text
}

function mix(from: Colour, to: Colour, share: number): Colour {
  const start = channels(from)
  const end = channels(to)
  const mixed = start.map((value, i) => Math.round(value + ((end[i] ?? value) - value) * share))
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`
}

function channels(colour: Colour): Channels {
  const value = Number.parseInt(colour.slice(1), 16)
  return [value >> 16, (value >> 8) & 0xff, value & 0xff]
}

function luminance([red, green, blue]: Channels): number {
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

function linear(channel: number): number {
  const value = channel / 255
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
}
