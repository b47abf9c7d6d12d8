export {
  type Browser,
  clearSession,
  csrfToken,
  ensureHandle,
  handleHash,
  isCsrfToken,
  newHandle,
  readBrowser,
  SESSION_MS,
  setSession,
} from './browser.js'
export { PASSCODE_LIMITS, PASSCODE_TERMS, passcodeHash, passcodeOf, readCode } from './passcode.js'
export { default as blockRoutes } from './routes.js'
export { sendPasscodeMail } from './send-passcode-mail.js'
export {
  endSession,
  endSessionsOf,
  type PasscodeState,
  purgeEnded,
  readPasscodeState,
  requestPasscode,
  type SendOutcome,
  type TryOutcome,
  tryPasscode,
} from './store.js'
