export { askSecondStep, takeSecondStep } from './authentication-methods/ask-second-step.js'
export { forgetMethods, forgetMethodsOf } from './authentication-methods/forget-methods.js'
export {
  listOwnMethods,
  type OwnMethods,
  removeOwnMethod,
  renewRecoveryCodes,
} from './authentication-methods/own-methods.js'
export { default as authenticationMethodRoutes } from './authentication-methods/routes.js'
export type { StepTurn } from './authentication-methods/step-turn.js'
export {
  type Browser,
  clearSession,
  csrfOf,
  csrfToken,
  ensureHandle,
  handleHash,
  isCsrfToken,
  newHandle,
  readBrowser,
  SESSION_MS,
  setSession,
} from './browser.js'
export { browserFamily } from './browser-family.js'
export { default as connectionTestPages } from './connection-tests/page-routes.js'
export { CONNECTION_TEST, createConnectionTestDestination } from './connection-tests/try-sign-in.js'
export { type BeginNeeds, type Begun, beginFlow } from './federation/begin-flow.js'
export { type Arrival, arrivalLog, type Destination, type Destinations } from './federation/destination.js'
export { outcomeOf } from './federation/finish-flow.js'
export {
  type Assertion,
  type FederatedMethod,
  type FlowOutcome,
  type FlowPurpose,
  federatedMethodOf,
  HOME_AGAIN_SECONDS,
  homeClaimsOf,
  TROUBLE_STATUS,
  type Trouble,
} from './federation/flow.js'
export { purgeFlows, type StartedFlow, startedFlowRow } from './federation/flow-store.js'
export { default as homeRoutes } from './federation/home-routes.js'
export { createOpenIdConnect, type OpenIdConnect } from './federation/openid-connect.js'
export { default as federationRoutes } from './federation/routes.js'
export { default as samlRoutes } from './federation/saml-routes.js'
export { createSignInDestination, SIGN_IN } from './federation/sign-in-destination.js'
export { default as connectionTestRoutes } from './federation/test-routes.js'
export { createHomeRealms, type HomeRealms } from './home-realm/home-realms.js'
export { type Elsewhere, type Home, takesLocal, takesPasscode } from './home-realm/rules.js'
export { waysToSignIn } from './home-realm/ways-to-sign-in.js'
export { default as emailMethodRoutes } from './identity-providers/email-method-routes.js'
export { default as federationConfigurationRoutes } from './identity-providers/federation-routes.js'
export { createIdentityProviders, type IdentityProviders } from './identity-providers/providers.js'
export { listIdentityProviders } from './identity-providers/read-providers.js'
export { rollCertificatesOver } from './identity-providers/refresh-federations.js'
export { default as identityProviderRoutes } from './identity-providers/routes.js'
export { identityProviderList } from './identity-providers/show.js'
export {
  askLocalAccount,
  type LocalTurn,
  localAddressOf,
  takeLocalAccount,
} from './local-accounts/ask-local-account.js'
export { forgetPasswordOf, forgetPasswords } from './local-accounts/forget-passwords.js'
export type { LocalNeeds } from './local-accounts/local-visit.js'
export { findLocalAccount } from './local-accounts/read-account.js'
export { correlationOf, flowLog, type LogContext, type LoggedFor, REFRESH } from './log/log-context.js'
export { purgeSignIns } from './log/purge-sign-ins.js'
export { default as signInLogRoutes } from './log/routes.js'
export { signInResource } from './log/sign-in-resource.js'
export { again, askCode, isProved, type ProofTurn, readProof, sendCode, tryCode } from './mailbox-proof.js'
export { askForCode, tellLimit } from './pages/ask-for-code.js'
export { HomeTroublePage } from './pages/home-trouble.js'
export { passcodeHash, passcodeOf, readCode } from './passcode.js'
export {
  askPasscode,
  type PasscodeFlow,
  type PasscodeWish,
  passcodeRequest,
  readPasscodeFlow,
} from './prove-address.js'
export { openBrowser, renewSession } from './renew-session.js'
export { default as blockRoutes } from './routes.js'
export { countOutdatedHomes, countUnopenedSignIn, sealHomesAnew } from './seal-anew.js'
export { sendPasscodeMail } from './send-passcode-mail.js'
export { sendPasscodeText } from './send-passcode-text.js'
export { sendSecurityMail } from './send-security-mail.js'
export { type SessionProof, sessionProvesEnough } from './session-proof.js'
export {
  createPasscodeWriter,
  endBrowser,
  endSessionsOf,
  forgetSignInsOf,
  type PasscodeRequest,
  type PasscodeState,
  type PasscodeWriter,
  purgeEnded,
  SECURITY_MAILS,
  type SendOutcome,
  type SessionView,
  type TryOutcome,
} from './store.js'
