// Second slot, "before creating the user": only who has a partner number signs up, and the guest gets the company it is of.
import { readFileSync } from 'node:fs'
import { claimOf, correct, goOn, reads, serve } from './serve.js'

const partners = JSON.parse(readFileSync(new URL('partners.json', import.meta.url), 'utf8'))

serve((claims) => {
  const number = String(claimOf(claims, 'PartnerNumber') ?? '')
    .trim()
    .toUpperCase()
  const partner = partners.find((one) => one.number === number)
  if (partner) return goOn({ extension_PartnerNumber: number, companyName: partner.company, city: partner.city })
  return correct(
    reads(claims, 'de')
      ? 'Diese Partnernummer kennen wir nicht. Sie steht oben auf jeder Rechnung, etwa P-1042.'
      : 'We do not know this partner number. It is at the top of each invoice, such as P-1042.',
  )
})
