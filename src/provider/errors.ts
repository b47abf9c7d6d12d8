import { Refusal } from '../kernel/refusal.js'

const invalidToken = (code: string, message: string, cause?: unknown) =>
  new Refusal('unauthenticated', code, message, { graphCode: 'InvalidAuthenticationToken', cause })

/** Every "no" of the token check, in Graph's words where Graph has words. */
export const refusals = {
  emptyToken: () => invalidToken('tokenMissing', 'Access token is empty.'),
  malformedToken: (cause?: unknown) =>
    invalidToken('tokenMalformed', 'CompactToken parsing failed with error code: 80049217', cause),
  expired: () => invalidToken('tokenExpired', 'Lifetime validation failed, the token is expired.'),
  notYetValid: () => invalidToken('tokenNotYetValid', 'Lifetime validation failed, the token is not valid yet.'),
  wrongAudience: () => invalidToken('tokenAudience', 'Access token validation failure. Invalid audience.'),
  wrongIssuer: () => invalidToken('tokenIssuer', 'Access token validation failure. Invalid issuer.'),
  wrongSignature: (cause?: unknown) =>
    invalidToken('tokenSignature', 'Access token validation failure. Invalid signature.', cause),
  notAnAccessToken: () =>
    invalidToken('tokenKind', 'Access token validation failure. This is not an access token for this service.'),
  tenantDisabled: () => invalidToken('tenantDisabled', 'The organization this token was issued in is disabled.'),
  clientDisabled: () =>
    invalidToken('clientDisabled', 'The application this token was issued to is disabled or no longer exists.'),
  subjectDisabled: () =>
    invalidToken('subjectDisabled', 'The account this token was issued for is disabled or no longer exists.'),
  accessEnded: () => invalidToken('accessEnded', 'The access of the guest this token was issued for has ended.'),
  withdrawn: () =>
    invalidToken('tokenRevoked', 'Access was withdrawn after this token was issued. Request a new token.'),
}
