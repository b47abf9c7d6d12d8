export { readUserFlow, userFlowOfApplication } from './flows/read-flow.js'
export { approversOf } from './flows/store.js'
export type * from './words.js'
