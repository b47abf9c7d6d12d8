/** A way to prove oneself, as pages name it. */
export type ShownHome = {
  key: string
  kind: 'organization' | 'google' | 'microsoft' | 'facebook' | 'code' | 'local'
  /** The name an administrator gave it; of a code and of an account here there is none. */
  name: string
}

/** How a button for it reads. */
export function wordsOf({ kind }: ShownHome) {
  return kind === 'facebook' ? 'choose.organization' : (`choose.${kind}` as const)
}
