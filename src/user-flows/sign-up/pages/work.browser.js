// Does the work that a page asks for before somebody signs up, while they read it: finds a number that makes the hash of
// the challenge begin with so many zero bits. Without this script, or where browsers do not hash, fewer are let begin.
const page = document.querySelector('[data-challenge]')

async function solve(challenge, bits) {
  const encoder = new TextEncoder()
  for (let number = 0; ; number++) {
    const work = `${challenge}.${number}`
    const hash = await crypto.subtle.digest('SHA-256', encoder.encode(work))
    if (new DataView(hash).getUint32(0) >>> (32 - bits) === 0) return work
  }
}

if (page && globalThis.crypto?.subtle) {
  const solving = solve(page.dataset.challenge, Number(page.dataset.bits)).then((work) => {
    for (const field of document.querySelectorAll('input[name=work]')) field.value = work
  })
  for (const form of document.forms) {
    let isReady = false
    form.addEventListener('submit', async (event) => {
      if (isReady || !form.elements.work) return
      event.preventDefault()
      await solving
      isReady = true
      form.requestSubmit(event.submitter)
    })
  }
}
