import { readFile } from 'node:fs/promises'
import { openClient } from './client.js'
import { connectionNotes, remoteOptions } from './connection.js'
import { EXIT, wrongUsage } from './failure.js'
import { facts, json, printable } from './text.js'
import { defineVerb } from './verb.js'

type Result = {
  durationInMilliseconds: number
  tries: { durationInMilliseconds: number; status: number | null; trouble: string | null }[]
  request: { url: string; headers: { name: string; value: string }[]; body: string }
  response: { status: number; contentType: string | null; body: string } | null
  reading: {
    action: string
    userMessage: string | null
    reason: string | null
    claims: Record<string, unknown> | null
    ignored: string[]
    visitorPasses: boolean
  }
}

/** Longer than the service waits for a connector: its turn, and two tries. */
const TEST_TIMEOUT_MS = 70_000

export default defineVerb({
  synopsis: 'connector test <id> --claims FILE [options]',
  about: 'Asks an API connector as a sign-up would, and shows what was sent, what came, and how it is read.',
  argument: '<id>',
  options: {
    claims: {
      type: 'string',
      value: 'FILE',
      required: true,
      help: 'JSON with the claims of a visitor; - reads standard input.',
    },
    step: {
      type: 'string',
      value: 'STEP',
      help: 'PostFederationSignup or PostAttributeCollection, which is meant unless given.',
    },
    locale: { type: 'string', value: 'NAME', help: "The visitor's language, such as de-CH; en-US unless given." },
    ...remoteOptions,
  },
  notes: `Ends with 1 when the connector failed, and with 0 for each of its answers.\n\n${connectionNotes}`,
  examples: ['connector test 7c9e6679-7425-40de-944b-e07fc1f90ae7 --claims ana.json'],
  async run({ values, argument }, io) {
    const claims = await readClaims(values.claims)
    const client = await openClient(values.profile, io)
    const path = `/identity/apiConnectors/${encodeURIComponent(argument)}/test`
    const test = {
      claims,
      ...(values.step !== undefined && { step: values.step }),
      ...(values.locale !== undefined && { uiLocales: values.locale }),
    }
    const result = await client.post<Result>(path, test, {}, TEST_TIMEOUT_MS)
    io.out(values.json ? json(result) : shown(result))
    return result.reading.action === 'Failed' ? EXIT.failed : EXIT.done
  },
})

async function readClaims(file: string): Promise<unknown> {
  const text = await readFile(file === '-' ? '/dev/stdin' : file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw wrongUsage(`--claims: ${file} cannot be read (${error.code}).`)
  })
  try {
    return JSON.parse(text)
  } catch {
    throw wrongUsage(`--claims: ${file} is no JSON. Write {"email": "ana@partner.example"}.`)
  }
}

function shown({ durationInMilliseconds, tries, request, response, reading }: Result): string {
  const { action, userMessage, reason, claims, ignored, visitorPasses } = reading
  const sent = request.headers.map(({ name, value }) => `  ${name}: ${printable(value)}\n`).join('')
  const came = response
    ? `  ${response.status} ${printable(response.contentType ?? '')}\n  ${printable(response.body)}\n`
    : '  nothing\n'
  const triesShown = tries
    .map((one) => `${one.status ?? 'no answer'} after ${one.durationInMilliseconds} ms`)
    .join(', ')
  const read: [string, string | undefined][] = [
    ['action', action],
    ['tells', userMessage ?? undefined],
    ['reason', reason ?? undefined],
    ...Object.entries(claims ?? {}).map(([name, value]): [string, string] => [name, JSON.stringify(value)]),
    ['ignored', ignored.length > 0 ? ignored.join(', ') : undefined],
    ['visitor', visitorPasses ? 'goes on' : 'does not go on'],
  ]
  return [
    `Sent POST ${printable(request.url)}\n${sent}  ${printable(request.body)}\n`,
    `Came ${durationInMilliseconds} ms later (${triesShown})\n${came}`,
    `Read as\n${facts(read)}`,
  ].join('')
}
