import type { ReadContext } from '../../graph/odata/resource.js'
import { mustRead } from '../must-read.js'
import { findAttribute } from './store.js'

/** What lists sort an attribute by; undefined when there is none of this name. @throws Refusal: not this caller's to read */
export async function attributeKey(context: ReadContext, name: string): Promise<string | undefined> {
  await mustRead(context)
  return (await findAttribute(context.scope, name))?.key
}
