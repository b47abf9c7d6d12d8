/** Graph: onPremisesExtensionAttributes, which are free for use on accounts that are mastered here. */
export const EXTENSION_ATTRIBUTES: readonly string[] = Array.from(
  { length: 15 },
  (_, n) => `extensionAttribute${n + 1}`,
)
