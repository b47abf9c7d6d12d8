export { askSecondStep, type StepTurn, takeSecondStep } from './authentication-methods/ask-second-step.js'
export { forgetMethods, forgetMethodsOf } from './authentication-methods/forget-methods.js'
export { default as authenticationMethodRoutes } from './authentication-methods/routes.js'
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
export {
  askPasscode,
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
  type SessionView,
  type TryOutcome,
} from './store.js'
