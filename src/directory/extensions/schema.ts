import { Type } from '@sinclair/typebox'
import { EXTENSION_NAME } from './values.js'

/** Of bodies that say something of a user or group: they take directory extensions, whatever these are called. */
export const EXTENSIONS = { patternProperties: { [EXTENSION_NAME]: Type.Unknown() } }
