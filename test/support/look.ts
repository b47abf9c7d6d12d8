import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import axe from 'axe-core'
import type { Test } from 'tap'
import { DESKTOP, PHONE, type Visitor } from './browser.js'

const pictures = process.env['SCREENSHOTS']

type Look = readonly [size: 'desktop' | 'phone', colorScheme: 'light' | 'dark']
const SIZES = { desktop: DESKTOP, phone: PHONE }
const EVERY: readonly Look[] = [
  ['desktop', 'light'],
  ['desktop', 'dark'],
  ['phone', 'light'],
  ['phone', 'dark'],
]
/** Of a page whose parts are looked at in every way elsewhere. */
export const EITHER: readonly Look[] = [
  ['desktop', 'light'],
  ['phone', 'dark'],
]

/** Judges the page as it stands now. */
export async function look(t: Test, { page }: Visitor, name: string, ways = EVERY): Promise<void> {
  if (pictures) await mkdir(pictures, { recursive: true })
  await page.evaluate(axe.source)
  for (const [size, colorScheme] of ways) {
    await page.setViewportSize(SIZES[size])
    await page.emulateMedia({ colorScheme })
    const where = `${name}, ${size}, ${colorScheme}`
    t.strictSame(await findings(page), [], where)
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    t.ok(overflow <= 0, `${where}: ${overflow} px too wide`)
    if (pictures) await page.screenshot({ path: join(pictures, `${name}-${size}-${colorScheme}.png`), fullPage: true })
  }
}

/** What axe holds against a page, as far as it is serious or critical. */
async function findings(page: Visitor['page']): Promise<string[]> {
  const { violations } = await page.evaluate(() => (globalThis as any).axe.run({ resultTypes: ['violations'] }))
  return violations
    .filter(({ impact }: any) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }: any) => `${id}: ${nodes.map(({ html }: any) => html).join(' ')}`)
}
