import type { Sql } from 'postgres'
import { isGuid } from '../kernel/ids.js'
import { findMessage, listMessages, type MailboxMessage } from './store.js'

/** All messages, newest first; with `to`, those sent to that address, however it is written. */
export function readMessages(sql: Sql, to: string | undefined): Promise<MailboxMessage[]> {
  return listMessages(sql, to === undefined || to === '' ? {} : { to: to.trim().replaceAll('\0', '') })
}

/** One message; undefined when there is none, or `id` is no id. */
export async function readMessage(sql: Sql, id: string): Promise<MailboxMessage | undefined> {
  return isGuid(id) ? findMessage(sql, id) : undefined
}
