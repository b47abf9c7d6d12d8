export { default as myAppsRoutes } from './routes.js'
