export { remindOfEnds } from './remind.js'
export { default as extensionRoutes } from './routes.js'
export { sendReminderMail } from './send-reminder-mail.js'
