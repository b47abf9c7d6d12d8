export { createRedemptionDestination } from './arrive.js'
export { default as redemptionRoutes } from './routes.js'
export { createRedemptionStore, type RedemptionStore } from './store.js'
