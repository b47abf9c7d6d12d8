import fc from 'fast-check'
import t from 'tap'
import { type BrandScheme, brandColours, contrast, isColour } from '../../src/platform/pages/branding.js'

const LIGHT_TEXT = '#1b1d1f'
const DARK_TEXT = '#eceef0'

type Row = { colour: string; light: [fill: string, ink: string, edge: string]; dark: [string, string, string] }
const vectors: Row[] = [
  { colour: '#0b6e5f', light: ['#0b6e5f', '#ffffff', '#0b6e5f'], dark: ['#0b6e5f', '#ffffff', '#167466'] },
  { colour: '#ffe600', light: ['#ffe600', '#000000', '#a4960c'], dark: ['#ffe600', '#000000', '#ffe600'] },
  { colour: '#ffffff', light: [LIGHT_TEXT, '#ffffff', LIGHT_TEXT], dark: ['#ffffff', '#000000', '#ffffff'] },
  { colour: '#14213d', light: ['#14213d', '#ffffff', '#14213d'], dark: [DARK_TEXT, '#000000', DARK_TEXT] },
  { colour: '#7f7f7f', light: ['#7f7f7f', '#000000', '#7f7f7f'], dark: ['#7f7f7f', '#000000', '#7f7f7f'] },
  { colour: '#fff8e1', light: [LIGHT_TEXT, '#ffffff', LIGHT_TEXT], dark: ['#fff8e1', '#000000', '#fff8e1'] },
  { colour: '#00b3ff', light: ['#00b3ff', '#000000', '#049ddd'], dark: ['#00b3ff', '#000000', '#00b3ff'] },
]

for (const { colour, light, dark } of vectors) {
  t.test(`${colour} is corrected as far as each surface needs`, async (t) => {
    const colours = brandColours(colour)
    t.strictSame(values(colours.light), light)
    t.strictSame(values(colours.dark), dark)
  })
}

t.test('whatever the colour, label and outline can be told apart on both surfaces', async (t) => {
  const colour = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`)
  fc.assert(
    fc.property(colour, (chosen) => {
      const { light, dark } = brandColours(chosen)
      return legible(light, '#ffffff') && legible(dark, '#181b1e')
    }),
  )
  t.pass()
})

t.test('capital letters give the same values', async (t) => {
  t.strictSame(brandColours('#0B6E5F'), brandColours('#0b6e5f'))
})

t.test('only #rrggbb is a colour, so nothing else reaches a stylesheet', async (t) => {
  for (const text of ['red', '#fff', '0b6e5f', '#0b6e5f;', '#0b6e5f}body{display:none', '']) {
    t.notOk(isColour(text), text)
    t.throws(() => brandColours(text), { message: 'a brand colour must be written #rrggbb' })
  }
})

function values({ fill, ink, edge }: BrandScheme): string[] {
  return [fill, ink, edge]
}

function legible({ fill, ink, edge }: BrandScheme, surface: '#ffffff' | '#181b1e'): boolean {
  return contrast(fill, ink) >= 4.5 && contrast(edge, surface) >= 3 && contrast(fill, surface) >= 1.25
}
