import { openClient } from './client.js'
import { connectionNotes, remoteOptions } from './connection.js'
import { EXIT } from './failure.js'
import { type Group, groupFacts } from './group.js'
import { json } from './text.js'
import { defineVerb } from './verb.js'

const reference = (id: string) => `https://graph.microsoft.com/v1.0/directoryObjects/${id}`

export default defineVerb({
  synopsis: 'groups create <name> [options]',
  about: 'Creates a security group, or with --microsoft365 a Microsoft 365 group, and prints its id.',
  argument: '<name>',
  options: {
    nickname: { type: 'string', value: 'TEXT', help: 'Mail nickname; made from the name unless set.' },
    description: { type: 'string', value: 'TEXT', help: 'What the group is for.' },
    microsoft365: { type: 'boolean', help: 'A Microsoft 365 group, with an address of the organization.' },
    rule: { type: 'string', value: 'RULE', help: 'Membership rule that fills the group by itself.' },
    owner: { type: 'string', value: 'ID', multiple: true, help: 'A user who owns the group.' },
    member: { type: 'string', value: 'ID', multiple: true, help: 'A user or group that is in it.' },
    ...remoteOptions,
  },
  notes: connectionNotes,
  examples: ['groups create "Project X" --owner ID', `groups create Guests --rule 'user.userType -eq "Guest"'`],
  async run({ values, argument }, io) {
    const { rule, owner, member, microsoft365, description } = values
    const types = [...(microsoft365 ? ['Unified'] : []), ...(rule === undefined ? [] : ['DynamicMembership'])]
    const client = await openClient(values.profile, io)
    const group = await client.post<Group>('/groups', {
      displayName: argument,
      mailNickname: values.nickname ?? nicknameOf(argument),
      mailEnabled: microsoft365,
      securityEnabled: !microsoft365,
      groupTypes: types,
      ...(description !== undefined && { description }),
      ...(rule !== undefined && { membershipRule: rule }),
      ...(owner.length > 0 && { 'owners@odata.bind': owner.map(reference) }),
      ...(member.length > 0 && { 'members@odata.bind': member.map(reference) }),
    })
    io.out(values.json ? json(group) : groupFacts(group))
    return EXIT.done
  },
})

/** Letters and digits of the name; `group` when it has none of them. */
function nicknameOf(name: string): string {
  return (
    name
      .normalize('NFKD')
      .replace(/[^A-Za-z0-9]/g, '')
      .slice(0, 64) || 'group'
  )
}
