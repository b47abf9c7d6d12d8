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
export { purgeSignIns } from './log/purge-sign-ins.js'
export { default as signInLogRoutes } from './log/routes.js'
export { signInResource } from './log/sign-in-resource.js'
export { PASSCODE_LIMITS, PASSCODE_TERMS, passcodeHash, passcodeOf, readCode } from './passcode.js'
export {
  askPasscode,
  checkPasscode,
  type PasscodeFlow,
  type PasscodeWish,
  passcodeRequest,
  readPasscodeFlow,
} from './prove-address.js'
export { renewSession } from './renew-session.js'
export { default as blockRoutes } from './routes.js'
export { sendPasscodeMail } from './send-passcode-mail.js'
export {
  createPasscodeWriter,
  endSession,
  endSessionsOf,
  forgetSignInsOf,
  type PasscodeRequest,
  type PasscodeState,
  type PasscodeWriter,
  purgeEnded,
  type SendOutcome,
  type TryOutcome,
} from './store.js'
