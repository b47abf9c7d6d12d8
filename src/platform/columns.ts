import { customType } from 'drizzle-orm/pg-core'

/**
 * Text in the form in which it is compared, in the order of its bytes whatever the database's locale: the only one in
 * which "starts with" is a range of an index. Row security keeps `lower()` and `like` out of index conditions, `=`, `>=`
 * and `<` of text it lets in.
 */
export const foldedText = customType<{ data: string }>({ dataType: () => 'text collate "C"' })
