import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import { type AnswerNeeds, readIn } from '../../graph/odata/answer.js'
import type { ReadContext } from '../../graph/odata/resource.js'
import { wholeItemRoute, wholeListRoutes } from '../../graph/odata/whole-list.js'
import { isLanguage } from '../../platform/i18n/index.js'
import { refusals } from '../errors.js'
import { flowIn, partOf } from '../flows/find-flow.js'
import type { UserFlowRow } from '../flows/tables.js'
import type { FlowNeeds } from '../needs.js'
import { readFlows, writeFlows } from '../permissions.js'
import { forgetWords, mustBePage, replaceWords } from './change-languages.js'
import { pageList } from './language-resource.js'
import { PAGE } from './rules.js'
import { PageBody } from './schema.js'
import { changedContent, defaultWords } from './words-of-page.js'

type App = Parameters<FastifyPluginAsyncTypebox>[0]
type Needs = FlowNeeds & AnswerNeeds
type Pages = 'defaultPages' | 'overridesPages'
type Path = { id: string; language: string; page: string }

const Item = Type.Object({ id: Type.String(), language: Type.String() })
const Page = Type.Object({ id: Type.String(), language: Type.String(), page: Type.String() })
const tags = ['userFlows']
const read = { permission: readFlows }
const write = { permission: writeFlows }
const nothing = { 204: Type.Null() }
/** What an administrator uploads: every text of the page, several times over. */
const UPLOAD_LIMIT = 524_288

/** The words of a language, below `item`, its path: ours, and those that an administrator gave a page instead. */
export function wordRoutes(app: App, needs: Needs, item: string): void {
  // Graph's clients upload the JSON as bytes.
  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser<string>('application/octet-stream', { parseAs: 'string' }, (request, body, done) => {
    void parse(request, body, done)
  })
  for (const pages of ['defaultPages', 'overridesPages'] as const) pageRoutes(app, needs, item, pages)

  app.put(
    `${item}/overridesPages/:page/$value`,
    {
      config: write,
      bodyLimit: UPLOAD_LIMIT,
      schema: { tags, summary: 'Replace the words of a page', params: Page, body: PageBody, response: nothing },
    },
    async (request, reply) => {
      await replaceWords(needs, request.caller, request.params.id, pageOf(request.params), request.body)
      return reply.code(204).send(null)
    },
  )

  for (const path of [`${item}/overridesPages/:page/$value`, `${item}/overridesPages/:page`]) {
    app.delete(
      path,
      {
        config: write,
        schema: { tags, summary: 'Give a page our words again', params: Page, response: nothing },
      },
      async (request, reply) => {
        await forgetWords(needs, request.caller, request.params.id, pageOf(request.params))
        return reply.code(204).send(null)
      },
    )
  }
}

function pageRoutes(app: App, needs: Needs, item: string, pages: Pages): void {
  const list = `${item}/${pages}`
  const what = pages === 'defaultPages' ? 'pages with our words' : 'pages with words of the organization'
  const setOf = (flow: UserFlowRow, language: string) => partOf(flow, `languages('${language}')/${pages}`)
  const inPage = <Result>(
    request: FastifyRequest,
    { id, language, page }: Path,
    answer: (context: ReadContext, flow: UserFlowRow) => Promise<Result> | Result,
  ) =>
    readIn(needs, request, async (context) => {
      const flow = await flowIn(context, id)
      mustBePage(language, page)
      return answer(context, flow)
    })

  const served = {
    what,
    tags,
    config: read,
    list: pageList,
    hold: (request: FastifyRequest) => {
      const path = request.params as Omit<Path, 'page'>
      const entities = [{ id: PAGE }]
      return inPage(request, { ...path, page: PAGE }, (_context, flow) => ({
        set: setOf(flow, path.language),
        entities,
      }))
    },
  }
  wholeListRoutes(app, needs, { ...served, path: list, params: Item })
  wholeItemRoute(app, needs, {
    ...served,
    path: `${list}/:page`,
    summary: `Read one of the ${what}`,
    params: Page,
    id: ({ params }) => (params as Path).page,
    notFound: refusals.notFound,
  })

  app.get(
    `${list}/:page/$value`,
    {
      config: read,
      schema: {
        tags,
        summary: `Download the words of one of the ${what}`,
        params: Page,
        response: { 200: PageBody },
      },
    },
    async (request, reply) => {
      const { language } = request.params
      const content = await inPage(request, request.params, async ({ scope, caller }, flow) => {
        if (pages === 'overridesPages') {
          return changedContent(scope, { flowId: flow.id, ...pageOf(request.params) })
        }
        const tenant = await needs.tenants.find(caller.tenantId)
        return defaultWords(scope, flow.id, isLanguage(language) ? language : 'en', tenant?.displayName ?? '')
      })
      return reply.send(content)
    },
  )
}

function pageOf({ language, page }: Path): { language: string; pageId: string } {
  return { language, pageId: page }
}
