import { type Static, Type } from '@sinclair/typebox'

/** Graph: directory-deleteditems-restore. */
export const RestoreWish = Type.Optional(
  Type.Object({
    newUserPrincipalName: Type.Optional(
      Type.String({ maxLength: 1_024, description: 'Instead of the old name, when somebody else has it by now.' }),
    ),
    autoReconcileProxyConflict: Type.Optional(
      Type.Boolean({ description: 'Drop addresses that somebody else has by now.' }),
    ),
  }),
)
export type RestoreWish = NonNullable<Static<typeof RestoreWish>>
