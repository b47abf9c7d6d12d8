import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import t from 'tap'
import { plainEnvironment, startAsUsersDo } from '../support/as-users-do.js'
import { programOf } from '../support/program.js'

t.setTimeout(900_000)

t.test(
  'over https a guest signs in on the way of an invitation, with cookies that no other scheme or site gets',
  async (t) => {
    const { file, facts } = await startAsUsersDo(t)
    const env = { ...plainEnvironment(), NODE_EXTRA_CA_CERTS: facts['caFile'] }
    const options = { cwd: new URL('../..', import.meta.url), env }
    const script = [...programOf('test/provider/tls-sign-in.ts'), file]
    const { stdout } = await promisify(execFile)(process.execPath, script, options)
    const seen: { claims: Record<string, unknown>; attributes: [string, string][] } = JSON.parse(stdout)
    t.match(seen.claims, {
      iss: `${facts['tlsBaseUrl']}/${facts['tenantId']}/v2.0`,
      email: 'ana@partner.example',
      email_verified: true,
    })
    const names = seen.attributes.map(([name]) => name).sort()
    t.strictSame(names, ['__Host-vb', '__Host-vs', 'vi', 'vi.sig', 'vr', 'vr.sig'])
    for (const [name, attributes] of seen.attributes) {
      for (const each of ['secure', 'httponly', 'samesite=lax']) t.ok(attributes.includes(each), `${name}: ${each}`)
    }
  },
)
