import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { CATALOGUE } from '../../src/cli/catalogue.js'
import { endingOf, type Invitation } from '../../src/cli/invitation.js'
import { readDuration } from '../../src/cli/text.js'
import { command } from './command.js'

const redirect = ['--redirect', 'https://app.example']

t.test('every verb explains itself, with help before or after its name', async (t) => {
  for (const name of Object.keys(CATALOGUE)) {
    const words = name.split(' ')
    const after = await command([...words, '--help'], {})
    t.equal(after.code, 0)
    t.match(after.out, new RegExp(`^Usage: vestibule ${name}`))
    t.same(await command(['help', ...words], {}), after)
  }
})

t.test('the overview names every verb and the version is the one of the package', async (t) => {
  const { code, out } = await command(['--help'], {})
  t.equal(code, 0)
  for (const name of Object.keys(CATALOGUE)) t.match(out, name)
  t.equal((await command([], {})).code, 2)
  const { version } = JSON.parse(await readFile(join(import.meta.dirname, '../../package.json'), 'utf8'))
  t.match(await command(['--version'], {}), { code: 0, out: `${version}\n` })
})

const mistakes: { title: string; args: string[]; says: RegExp }[] = [
  { title: 'an unknown verb', args: ['invit'], says: /no verb 'invit'\. Did you mean invite\?/ },
  { title: 'a misspelt part of a verb', args: ['groups', 'add-menber'], says: /Which one: .*groups add-member/ },
  { title: 'a misspelt first part', args: ['invitation', 'list'], says: /Did you mean invitations list\?/ },
  { title: 'half a verb', args: ['invitations'], says: /Which one: vestibule invitations list, / },
  { title: 'a name every object has', args: ['constructor'], says: /no verb 'constructor'/ },
  { title: 'a misspelt option', args: ['invite', 'a@b.example', '--redirct', 'x'], says: /Did you mean --redirect\?/ },
  { title: 'a missing address', args: ['invite', ...redirect], says: /<address> is missing/ },
  { title: 'an empty address', args: ['invite', '', ...redirect], says: /<address> is missing/ },
  { title: 'an id of spaces', args: ['users', 'delete', ' '], says: /<id> is missing/ },
  { title: 'a missing option', args: ['invite', 'a@b.example'], says: /--redirect is missing/ },
  { title: 'an option without its value', args: ['invite', 'a@b.example', '--redirect'], says: /--redirect/ },
  {
    title: 'a second address',
    args: ['invite', 'a@b.example', 'c@d.example', ...redirect],
    says: /'c@d.example' is too/,
  },
  {
    title: 'a type that is none',
    args: ['invite', 'a@b.example', ...redirect, '--type', 'guest'],
    says: /--type: give/,
  },
  {
    title: 'a time that is none',
    args: ['invite', 'a@b.example', ...redirect, '--wait', '--timeout', 'x'],
    says: /--timeout: 'x'/,
  },
  {
    title: 'a time without --wait',
    args: ['invite', 'a@b.example', ...redirect, '--timeout', '1m'],
    says: /add --wait/,
  },
  {
    title: 'an end that is none',
    args: ['invite', 'a@b.example', ...redirect, '--expires', '5'],
    says: /--expires: '5'/,
  },
  {
    title: 'a day no month has',
    args: ['invite', 'a@b.example', ...redirect, '--expires', '2026-13-01'],
    says: /--expires/,
  },
  {
    title: 'a message without a mail',
    args: ['invite', 'a@b.example', ...redirect, '--no-mail', '--message', 'x'],
    says: /--no-mail/,
  },
  {
    title: 'an unknown status',
    args: ['invitations', 'list', '--status', 'Open'],
    says: /--status: give one of Pending/,
  },
  { title: 'a number that is none', args: ['invitations', 'list', '--top', '0'], says: /--top: '0'/ },
  { title: 'top and all', args: ['invitations', 'list', '--top', '1', '--all'], says: /not both/ },
  { title: 'a client that may do nothing', args: ['app', 'create'], says: /--permission is missing/ },
  {
    title: 'a permission that is none',
    args: ['app', 'create', '--permission', 'User.Invite.Al'],
    says: /Did you mean User.Invite.All\?/,
  },
  {
    title: 'a domain that is none',
    args: ['tenant', 'create', '--domain', 'x', '--admin-email', 'a@b.example'],
    says: /--domain: 'x'/,
  },
  {
    title: 'an administrator without a mailbox',
    args: ['tenant', 'create', '--domain', 'b.example', '--admin-email', 'a'],
    says: /--admin-email/,
  },
  { title: 'no change', args: ['tenant', 'set'], says: /Nothing to change/ },
  { title: 'a colour that is none', args: ['tenant', 'set', '--colour', 'red'], says: /--colour: 'red'/ },
  { title: 'a limit of nothing', args: ['tenant', 'set', '--mails-per-recipient', '0'], says: /--mails-per-recipient/ },
  {
    title: 'a language nobody wrote',
    args: ['tenant', 'set', '--language', 'tlh'],
    says: /--language: give one of en, de/,
  },
  {
    title: 'a privacy page without https',
    args: ['tenant', 'set', '--privacy-url', 'javascript:alert(1)'],
    says: /https/,
  },
  { title: 'a worker of a local instance', args: ['worker'], says: /worker needs DATABASE_URL/ },
]

for (const { title, args, says } of mistakes) {
  t.test(`${title} is wrong usage`, async (t) => {
    const isQuiet = args[0] === 'worker'
    const { code, out, err } = await command(isQuiet ? args : [...args, '--json'], {})
    t.equal(code, 2, err)
    t.match(err, says)
    if (!isQuiet) t.match(JSON.parse(out).error, { code: 'wrongUsage', message: says })
  })
}

t.test('only a small PNG becomes a logo, whatever it is called', async (t) => {
  const dir = t.testdir({
    'text.png': 'no picture',
    'large.png': Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(65_536)]),
  })
  const set = (file: string) => command(['tenant', 'set', '--logo', join(dir, file)], {})
  t.match(await set('text.png'), { code: 2, err: /is not a PNG/ })
  t.match(await set('large.png'), { code: 2, err: /larger than 64 KiB/ })
  t.match(await set('missing.png'), { code: 2, err: /ENOENT/ })
})

t.test('durations are read with a unit, seconds without', async (t) => {
  t.strictSame(['90s', '10m', '2h', '1d', '45'].map(readDuration), [90_000, 600_000, 7_200_000, 86_400_000, 45_000])
  t.strictSame(['', 'm', '-1s', '1.5h', '1 w'].map(readDuration), [
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ])
})

const pending: Invitation = {
  id: 'id',
  status: 'PendingAcceptance',
  invitedUserEmailAddress: 'ana@partner.example',
  invitedUserType: 'Guest',
  inviteRedirectUrl: 'https://app.example',
  invitedUser: { id: 'user' },
  delivery: { state: 'sent', reason: null },
  history: [{ event: 'invited', dateTime: '2026-01-01T00:00:00Z', actor: {} }],
}
const declined = { event: 'declined', dateTime: '2026-01-02T00:00:00Z', actor: {} }
const endings: { title: string; invitation: Partial<Invitation>; ending: string | undefined }[] = [
  { title: 'a pending invitation has not ended', invitation: {}, ending: undefined },
  {
    title: 'a suppressed mail is no end, since the link may be handed over',
    invitation: { delivery: { state: 'suppressed', reason: 'recipientLimit' } },
    ending: undefined,
  },
  {
    title: 'a deferred mail may still arrive',
    invitation: { delivery: { state: 'deferred', reason: null } },
    ending: undefined,
  },
  { title: 'a completed one was accepted', invitation: { status: 'Completed' }, ending: 'accepted' },
  {
    title: 'accepting after declining counts',
    invitation: { status: 'Completed', history: [declined] },
    ending: 'accepted',
  },
  { title: 'a declined one is pending, and ended', invitation: { history: [declined] }, ending: 'declined' },
  { title: 'an expired one ended', invitation: { status: 'Expired' }, ending: 'expired' },
  { title: 'a revoked one ended', invitation: { status: 'Revoked' }, ending: 'revoked' },
  { title: 'a bounced mail ends it', invitation: { delivery: { state: 'bounced', reason: null } }, ending: 'bounced' },
  { title: 'a mail given up ends it', invitation: { delivery: { state: 'failed', reason: null } }, ending: 'bounced' },
]
for (const { title, invitation, ending } of endings) {
  t.test(title, async (t) => {
    t.equal(endingOf({ ...pending, ...invitation }), ending)
  })
}
