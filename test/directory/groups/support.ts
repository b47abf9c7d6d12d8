import type { Answer, RequestOptions, TestService } from '../../support/service.js'

export const EVENTUAL = { headers: { consistencylevel: 'eventual' } }

/** What groups are asked for in tests, in short words. */
export function groupsOf(service: TestService) {
  let count = 0
  const groups = {
    /** A security group with the least that is needed; `wish` adds and replaces properties. */
    async make(wish: Record<string, unknown> = {}, options: RequestOptions = {}): Promise<string> {
      count += 1
      const answer = await service.api('POST', '/groups', { ...least(`group${count}`), ...wish }, options)
      if (answer.status !== 201) throw new Error(`creating a group answered ${answer.status}: ${answer.text}`)
      return answer.body.id
    },
    add: (group: string, member: string, options: RequestOptions = {}) =>
      service.api('POST', `/groups/${group}/members/$ref`, reference(member), options),
    remove: (group: string, member: string, options: RequestOptions = {}) =>
      service.api('DELETE', `/groups/${group}/members/${member}/$ref`, undefined, options),
    patch: (group: string, changes: unknown, options: RequestOptions = {}) =>
      service.api('PATCH', `/groups/${group}`, changes, options),
    /** Ids in a list of related objects, by path after the version. */
    async ids(path: string, options: RequestOptions = {}): Promise<string[]> {
      const ids: string[] = []
      let next: string | undefined = `${path}${path.includes('?') ? '&' : '?'}$select=id`
      while (next !== undefined) {
        const answer: Answer = await service.api('GET', next, undefined, options)
        if (answer.status !== 200) throw new Error(`${next} answered ${answer.status}: ${answer.text}`)
        ids.push(...answer.body.value.map(({ id }: { id: string }) => id))
        next = answer.body['@odata.nextLink']?.split('/v1.0')[1]
      }
      return ids
    },
    members: (group: string) => groups.ids(`/groups/${group}/members`),
    guest: async (name: string): Promise<string> => (await service.invite(`${name}@partner.example`)).invitedUser.id,
  }
  return groups
}

export function least(name: string): Record<string, unknown> {
  return { displayName: name, mailEnabled: false, mailNickname: name, securityEnabled: true }
}

export function reference(id: string): { '@odata.id': string } {
  return { '@odata.id': `https://graph.microsoft.com/v1.0/directoryObjects/${id}` }
}

export function references(...ids: string[]): string[] {
  return ids.map((id) => reference(id)['@odata.id'])
}
