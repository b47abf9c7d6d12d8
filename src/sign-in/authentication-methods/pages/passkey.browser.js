// The only script of the pages: asks the browser for a passkey and submits what it gives. Without it the page offers the
// other ways. Options come from the form, the answer goes back by the form; nothing is fetched.
const form = document.querySelector('form[data-passkey]')

if (form && window.PublicKeyCredential) {
  for (const element of form.querySelectorAll('[data-when="unsupported"]')) element.hidden = true
  for (const element of form.querySelectorAll('[data-when="supported"]')) element.hidden = false
  const button = form.querySelector('button')
  button.hidden = false
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    ask().then(submit, () => {
      form.querySelector('[data-when="failed"]').hidden = false
    })
  })
}

function ask() {
  const options = JSON.parse(form.dataset.options)
  const publicKey = { ...options, challenge: bytes(options.challenge) }
  if (form.dataset.passkey === 'create') {
    publicKey.user = { ...options.user, id: bytes(options.user.id) }
    publicKey.excludeCredentials = (options.excludeCredentials ?? []).map(withBytes)
    return navigator.credentials.create({ publicKey })
  }
  publicKey.allowCredentials = options.allowCredentials.map(withBytes)
  return navigator.credentials.get({ publicKey })
}

function submit({ id, rawId, type, response }) {
  const names = ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle']
  const given = names.filter((name) => response[name])
  const shown = Object.fromEntries(given.map((name) => [name, text(response[name])]))
  if (response.getTransports) shown.transports = response.getTransports()
  const credential = { id, rawId: text(rawId), type, response: shown, clientExtensionResults: {} }
  form.elements.credential.value = JSON.stringify(credential)
  form.submit()
}

function withBytes(credential) {
  return { ...credential, id: bytes(credential.id) }
}

function bytes(base64url) {
  const binary = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0))
}

function text(buffer) {
  const binary = String.fromCharCode(...new Uint8Array(buffer))
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
