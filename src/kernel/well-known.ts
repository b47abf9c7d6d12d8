/** The application id by which every tenant knows Microsoft Graph, and which this service answers to. */
export const GRAPH_APP_ID = '00000003-0000-0000-c000-000000000000'

/** The role that stands for "may use the application", where an application has none of its own (Graph: appRoleId). */
export const DEFAULT_ACCESS = '00000000-0000-0000-0000-000000000000'

/** What an organization of this deployment says as `acr` of somebody who has shown nothing but their mailbox. */
export const MAILBOX_PROOF = 'urn:vestibule:mailbox'
