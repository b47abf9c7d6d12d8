// First slot, "after federating": addresses of mailboxes that are thrown away after ten minutes do not sign up.
import { readFileSync } from 'node:fs'
import { block, goOn, reads, serve } from './serve.js'

const lines = readFileSync(new URL('disposable-domains.txt', import.meta.url), 'utf8').split('\n')
const listed = new Set(
  lines.map((line) => line.trim().toLowerCase()).filter((line) => line !== '' && !line.startsWith('#')),
)

serve(({ email, ...claims }) => {
  const labels = String(email).toLowerCase().split('@').at(-1).split('.')
  // A domain stands for those below it.
  const isListed = labels.some((_, index) => listed.has(labels.slice(index).join('.')))
  if (!isListed) return goOn()
  return block(
    reads(claims, 'de')
      ? 'Bitte melden Sie sich mit Ihrer geschäftlichen E-Mail-Adresse an.'
      : 'Please sign up with the e-mail address of your company.',
  )
})
