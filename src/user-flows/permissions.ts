const anyOf = (...names: string[]) => ({ application: names, delegated: names })

/** Graph's names. What people may do is looked at again by the use cases. */
export const readFlows = anyOf('IdentityUserFlow.Read.All', 'IdentityUserFlow.ReadWrite.All')
export const writeFlows = anyOf('IdentityUserFlow.ReadWrite.All')
