import type { Verb } from './verb.js'

type Entry = { about: string; load: () => Promise<Verb> }

const local = 'On the machine of the service'
const remote = 'Anywhere, over the API'

/** Every verb. Each is loaded only when it is asked for, so that a remote one starts without the service's libraries. */
export const CATALOGUE: Readonly<Record<string, Entry & { group: string }>> = {
  serve: { group: local, about: 'Run the service', load: () => verb(import('./serve.js')) },
  worker: { group: local, about: 'Run only the background work', load: () => verb(import('./worker.js')) },
  migrate: { group: local, about: 'Bring the database up to date', load: () => verb(import('./migrate.js')) },
  doctor: { group: local, about: 'Check what the service needs', load: () => verb(import('./doctor.js')) },
  'tenant create': { group: local, about: 'Create an organization', load: () => verb(import('./tenant-create.js')) },
  'tenant set': { group: local, about: 'Change an organization', load: () => verb(import('./tenant-set.js')) },
  'app create': { group: local, about: 'Create an API client', load: () => verb(import('./app-create.js')) },
  'keys rotate': { group: local, about: 'Sign tokens with a new key', load: () => verb(import('./keys-rotate.js')) },
  invite: { group: remote, about: 'Invite a guest', load: () => verb(import('./invite.js')) },
  'invitations list': { group: remote, about: 'List invitations', load: () => verb(import('./invitations-list.js')) },
  'invitations get': { group: remote, about: 'Show an invitation', load: () => verb(import('./invitations-get.js')) },
  'invitations resend': {
    group: remote,
    about: 'Send the mail once more',
    load: () => verb(import('./invitations-resend.js')),
  },
  'invitations revoke': {
    group: remote,
    about: 'Withdraw an invitation',
    load: () => verb(import('./invitations-revoke.js')),
  },
  'users list': { group: remote, about: 'List users', load: () => verb(import('./users-list.js')) },
  'users get': { group: remote, about: 'Show a user', load: () => verb(import('./users-get.js')) },
  'users delete': { group: remote, about: 'Delete a user', load: () => verb(import('./users-delete.js')) },
  'groups list': { group: remote, about: 'List groups', load: () => verb(import('./groups-list.js')) },
  'groups get': { group: remote, about: 'Show a group', load: () => verb(import('./groups-get.js')) },
  'groups create': { group: remote, about: 'Create a group', load: () => verb(import('./groups-create.js')) },
  'groups delete': { group: remote, about: 'Delete a group', load: () => verb(import('./groups-delete.js')) },
  'groups members': { group: remote, about: 'List the members', load: () => verb(import('./groups-members.js')) },
  'groups add-member': { group: remote, about: 'Add a member', load: () => verb(import('./groups-add-member.js')) },
  'groups remove-member': {
    group: remote,
    about: 'Remove a member',
    load: () => verb(import('./groups-remove-member.js')),
  },
  'subscriptions list': {
    group: remote,
    about: 'List subscriptions to changes',
    load: () => verb(import('./subscriptions-list.js')),
  },
  'subscriptions dead-letters': {
    group: remote,
    about: 'List what could not be delivered',
    load: () => verb(import('./subscriptions-dead-letters.js')),
  },
  'subscriptions redeliver': {
    group: remote,
    about: 'Send dead letters once more',
    load: () => verb(import('./subscriptions-redeliver.js')),
  },
  'subscriptions rotate-secret': {
    group: remote,
    about: 'Replace the secret that signs',
    load: () => verb(import('./subscriptions-rotate-secret.js')),
  },
  'connectors list': {
    group: remote,
    about: 'List API connectors',
    load: () => verb(import('./connectors-list.js')),
  },
  'connector test': {
    group: remote,
    about: 'Ask an API connector and see what comes',
    load: () => verb(import('./connector-test.js')),
  },
}

async function verb(module: Promise<{ default: Verb }>): Promise<Verb> {
  return (await module).default
}

/** The verb that `args` begin with, two words before one, and what follows it. */
export function findVerb(args: readonly string[]): (Entry & { rest: readonly string[] }) | undefined {
  for (const words of [2, 1]) {
    const entry = args.length < words ? undefined : ownEntry(args.slice(0, words).join(' '))
    if (entry) return { ...entry, rest: args.slice(words) }
  }
  return undefined
}

function ownEntry(name: string): Entry | undefined {
  return Object.hasOwn(CATALOGUE, name) ? CATALOGUE[name] : undefined
}

/** What `vestibule --help` shows. */
export function overview(): string {
  const width = Math.max(...Object.keys(CATALOGUE).map((name) => name.length))
  const linesOf = (group: string) =>
    Object.entries(CATALOGUE)
      .filter(([, entry]) => entry.group === group)
      .map(([name, { about }]) => `  ${name.padEnd(width)}  ${about}`)
  return [
    'Usage: vestibule <verb> [options]',
    ...[local, remote].flatMap((group) => ['', `${group}:`, ...linesOf(group)]),
    '',
    'vestibule <verb> --help tells more. vestibule --version tells the version.',
    '',
    'Exit codes: 0 done, 1 failed, 2 wrong usage, 3 refused by policy, 4 --wait timed out,',
    '5 declined, expired, revoked or bounced.',
    '',
  ].join('\n')
}
