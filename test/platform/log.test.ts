import t from 'tap'
import { createLogger, withoutSecrets } from '../../src/platform/log.js'

function logged(write: (log: ReturnType<typeof createLogger>) => void, level = 'debug'): string {
  let lines = ''
  write(createLogger(level, { write: (line) => (lines += line) }))
  return lines
}

t.test('secret parameters of a URL are hidden wherever they stand, and the others stay', async (t) => {
  const url = '/redeem?tenant=t1&user=u1&ticket=TTT&ver=2.0&code=CCC#x'
  t.equal(withoutSecrets(url), '/redeem?tenant=t1&user=u1&ticket=[hidden]&ver=2.0&code=[hidden]#x')
  for (const name of [
    'ticket',
    'code',
    'token',
    'client_secret',
    'client_assertion',
    'access_token',
    'id_token',
    'key',
  ]) {
    t.equal(withoutSecrets(`/x?${name}=VALUE`), `/x?${name}=[hidden]`, name)
    t.notMatch(withoutSecrets(`/x?a=b&${name.toUpperCase()}=VALUE&c=d`), 'VALUE', name)
  }
  t.equal(
    withoutSecrets('see "https://id.example/redeem?ticket=TTT" in the mail'),
    'see "https://id.example/redeem?ticket=[hidden]" in the mail',
  )
})

t.test('a logged request has neither headers nor secrets', async (t) => {
  const line = logged((log) =>
    log.info(
      {
        req: {
          method: 'GET',
          url: '/redeem?ticket=TTT',
          headers: { authorization: 'Bearer SECRET', cookie: 'vs=SECRET' },
          body: 'SECRET',
        },
      },
      'request',
    ),
  )
  t.notMatch(line, /SECRET|TTT/)
  t.match(JSON.parse(line), { req: { method: 'GET', url: '/redeem?ticket=[hidden]' }, service: 'vestibule' })
})

t.test('properties that hold secrets are hidden', async (t) => {
  const line = logged((log) =>
    log.info({
      mail: { code: 'SECRET', ticket: 'SECRET' },
      client: { clientSecret: 'SECRET' },
      database: { password: 'SECRET' },
    }),
  )
  t.notMatch(line, 'SECRET')
})

t.test('the level decides', async (t) => {
  t.equal(
    logged((log) => log.debug('x'), 'info'),
    '',
  )
  t.match(
    logged((log) => log.warn('x'), 'info'),
    /"msg":"x"/,
  )
})

t.test('an error is logged without what a driver hung on it', async (t) => {
  const lines: string[] = []
  const log = createLogger('info', { write: (line) => void lines.push(line) })
  const inner = Object.assign(new Error('duplicate key'), { code: '23505', detail: 'Key (mail)=(ana@partner.example)' })
  const error = Object.assign(new Error('write failed', { cause: inner }), { client: { password: 'hunter2' } })
  log.warn({ err: error }, 'trouble')
  t.match(JSON.parse(lines[0] ?? ''), { err: { message: 'write failed', cause: { errorCode: '23505' } } })
  t.notMatch(lines[0], /ana@partner|hunter2/)
})
