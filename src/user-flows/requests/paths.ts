/** Where a flow is begun. */
export function signUpPath(tenantId: string, flowId: string): string {
  return `/${tenantId}/signup/${encodeURIComponent(flowId)}`
}

/** Where a visitor looks at their request. It names none: the browser does, or the mailbox that is proved there. */
export function requestPath(tenantId: string, flowId: string): string {
  return `${signUpPath(tenantId, flowId)}/request`
}

/** Where an approver decides about one request. It finds the request and proves nobody. */
export function approvalPath(tenantId: string, requestId: string): string {
  return `/myaccess/sign-ups/${requestId}?tenant=${tenantId}`
}
