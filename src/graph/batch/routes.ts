import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Refusal } from '../../kernel/refusal.js'
import { graphVersion } from '../paths.js'
import { graphErrorBody, readError } from '../problem.js'
import { clientRequestId, GRAPH_JSON } from '../request-ids.js'
import {
  BatchAnswer,
  BatchBody,
  type BatchItem,
  folded,
  itemHeaders,
  itemTarget,
  nestedBatch,
  planned,
} from './envelope.js'
import { asCaller, inheritedCaller } from './inherited-caller.js'

/** Bytes of a batch's body: twenty items, each with a small one of its own. */
const BODY_LIMIT = 1_048_576
/** Bytes of all answers together, after which further items are not carried out. */
const ANSWER_LIMIT = 8 * 1_048_576

/** Headers of an answer that are told: the others are about the connection or the same for every item. */
const TOLD = [
  'content-type',
  'location',
  'retry-after',
  'etag',
  'preference-applied',
  'cache-control',
  'request-id',
  'allow',
]

type Answer = { id: string; status: number; headers: Record<string, string>; body?: unknown }

/**
 * `POST /$batch` (Graph: json-batching.md). Items are carried out one after another, so that a batch costs no more at a
 * time than a client with one connection; each is a request like any other but for the caller, who is the batch's.
 */
const routes: FastifyPluginAsyncTypebox<{ origins: () => string[] }> = async (app, { origins }) => {
  app.post(
    '/$batch',
    {
      bodyLimit: BODY_LIMIT,
      config: { permission: 'authenticated' },
      schema: { tags: ['batch'], summary: 'Several requests in one', body: BatchBody, response: { 200: BatchAnswer } },
    },
    async (request) => {
      // However its URL was spelled: each batch inside another would do twenty times the work for one request.
      if (inheritedCaller()) throw nestedBatch()
      return { responses: await carryOut(app, request, planned(request.body.requests), origins()) }
    },
  )
}
export default routes

async function carryOut(
  app: FastifyInstance,
  request: FastifyRequest,
  items: readonly BatchItem[],
  origins: readonly string[],
): Promise<Answer[]> {
  const answers: Answer[] = []
  const failed = new Set<string>()
  let bytes = 0
  for (const item of items) {
    const answer = await answerOf(app, request, item, origins, failed, bytes)
    if (answer.status >= 400) failed.add(folded(item.id))
    bytes += answer.bytes
    answers.push(answer.told)
  }
  return answers
}

async function answerOf(
  app: FastifyInstance,
  request: FastifyRequest,
  item: BatchItem,
  origins: readonly string[],
  failed: ReadonlySet<string>,
  bytes: number,
): Promise<{ status: number; bytes: number; told: Answer }> {
  try {
    const blocker = item.dependsOn?.find((id) => failed.has(folded(id)))
    if (blocker !== undefined) throw dependencyFailed(blocker)
    if (bytes > ANSWER_LIMIT) throw answersTooLarge()
    const headers = itemHeaders(item)
    const url = itemTarget(item.url, graphVersion(request.url) ?? 'v1.0', origins)
    // Awaited inside: `inject` starts only when somebody waits for it.
    const response = await asCaller(request.caller, async () => await inject(app, request, item, url, headers))
    const told = {
      id: item.id,
      status: response.statusCode,
      headers: toldHeaders(response.headers),
      ...bodyOf(response),
    }
    return { status: response.statusCode, bytes: response.rawPayload.length, told }
  } catch (error) {
    const problem = readError(error, request)
    if (problem.status === 500) request.log.error({ err: error }, 'a request of a batch failed unexpectedly')
    const body = graphErrorBody(problem, request)
    const told = { id: item.id, status: problem.status, headers: { 'Content-Type': GRAPH_JSON }, body }
    return { status: problem.status, bytes: 0, told }
  }
}

function inject(
  app: FastifyInstance,
  request: FastifyRequest,
  item: BatchItem,
  url: string,
  headers: Record<string, string>,
) {
  const { body } = item
  const method = item.method.toUpperCase() as 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  return app.inject({
    method,
    url,
    remoteAddress: request.ip,
    headers: {
      'user-agent': request.headers['user-agent'] ?? '',
      'client-request-id': clientRequestId(request),
      ...headers,
    },
    ...(body !== undefined && body !== null && { payload: payloadOf(body, headers['content-type'] ?? '') }),
  })
}

/** JSON as it is; of any other type the bytes that base64 stands for. */
function payloadOf(body: unknown, contentType: string): string | Buffer {
  if (/^[a-z]+\/(?:[\w.+-]+\+)?json\b/i.test(contentType)) return JSON.stringify(body)
  return typeof body === 'string' ? Buffer.from(body, 'base64') : JSON.stringify(body)
}

function toldHeaders(headers: Record<string, unknown>): Record<string, string> {
  const told = TOLD.flatMap((name) => (headers[name] === undefined ? [] : [[titled(name), String(headers[name])]]))
  return Object.fromEntries(told)
}

function titled(name: string): string {
  if (name === 'etag') return 'ETag'
  return name === 'request-id' ? name : name.replace(/(?:^|-)[a-z]/g, (start) => start.toUpperCase())
}

function bodyOf({ payload, headers }: { payload: string; headers: Record<string, unknown> }): { body?: unknown } {
  if (payload === '') return {}
  return { body: /json/i.test(String(headers['content-type'])) ? JSON.parse(payload) : payload }
}

function dependencyFailed(id: string): Refusal {
  return new Refusal('failedDependency', 'dependencyFailed', `Request '${id}', on which this one depends, failed.`)
}

function answersTooLarge(): Refusal {
  const message = 'The answers of this batch are too large together. Send the remaining requests in another one.'
  return new Refusal('tooLarge', 'batchAnswersTooLarge', message)
}
