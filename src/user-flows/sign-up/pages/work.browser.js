// Does the work that a page asks for before somebody signs up, while they read it: finds a number that makes the hash of
// the challenge begin with so many zero bits. Without this script, or where browsers do not hash, fewer are let begin.
const page = document.querySelector('[data-challenge]')

// Hashing is asynchronous and short: one by one, most of the time would be waiting.
const AT_ONCE = 256

async function solve(challenge, bits) {
  const encoder = new TextEncoder()
  for (let first = 0; ; first += AT_ONCE) {
    const works = Array.from({ length: AT_ONCE }, (_, index) => `${challenge}.${first + index}`)
    const hashes = await Promise.all(works.map((work) => crypto.subtle.digest('SHA-256', encoder.encode(work))))
    const found = hashes.findIndex((hash) => new DataView(hash).getUint32(0) >>> (32 - bits) === 0)
    if (found >= 0) return works[found]
  }
}

if (page && globalThis.crypto?.subtle) {
  let isSolved = false
  const solving = solve(page.dataset.challenge, Number(page.dataset.bits)).then((work) => {
    for (const field of document.querySelectorAll('input[name=work]')) field.value = work
    isSolved = true
  })
  for (const form of document.forms) {
    form.addEventListener('submit', (event) => {
      if (isSolved || !form.elements.work) return
      event.preventDefault()
      void solving.then(() => form.requestSubmit(event.submitter))
    })
  }
}
