/** Told apart in this order: most browsers name those they descend from, too. */
const BROWSERS: readonly [pattern: RegExp, name: string][] = [
  [/\bEdg(?:e|A|iOS)?\//, 'Edge'],
  [/\bOPR\/|\bOpera\b/, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/\bChrom(?:e|ium)\/|\bCriOS\/|\bHeadlessChrome\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
]

const SYSTEMS: readonly [pattern: RegExp, name: string][] = [
  [/\bAndroid\b/, 'Android'],
  [/\biPad\b/, 'iPad'],
  [/\biPhone\b|\biPod\b/, 'iPhone'],
  [/\bWindows\b/, 'Windows'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
]

/** Characters of a `User-Agent` that are read: a header is client input. */
const MOST_CHARACTERS = 512

/**
 * What kind of browser a `User-Agent` tells of, in words a person knows from their own screen: `Firefox, Windows`. One of
 * few, so that it can be kept and shown as it is; undefined when none of it is known.
 */
export function browserFamily(userAgent: string | undefined): string | undefined {
  const text = (userAgent ?? '').slice(0, MOST_CHARACTERS)
  const known = [BROWSERS, SYSTEMS].flatMap((kinds) => kinds.find(([pattern]) => pattern.test(text))?.[1] ?? [])
  return known.length > 0 ? known.join(', ') : undefined
}
