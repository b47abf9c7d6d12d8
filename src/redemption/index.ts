export { default as redemptionRoutes } from './routes.js'
