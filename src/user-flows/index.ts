export { readUserFlow, userFlowOfApplication } from './flows/read-flow.js'
export { approversOf } from './flows/store.js'
export {
  approvalPath,
  decideRequest,
  findForApprover,
  type Held,
  holdSignUp,
  lapseRequests,
  listForApprover,
  MOST_REASON,
  mustApprove,
  type RequestNeeds,
  type RequestView,
  readReason,
  requestInTheWay,
  requestPages,
  requestPath,
  requestResource,
  requestRoutes,
  SIGN_UP_MAIL,
  sendRequestMail,
} from './requests/index.js'
export { createGuest } from './sign-up/create-guest.js'
export type * from './words.js'
