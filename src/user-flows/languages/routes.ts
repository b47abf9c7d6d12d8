import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import { idempotencyOf } from '../../graph/idempotency.js'
import { type AnswerNeeds, baseOf, readIn } from '../../graph/odata/answer.js'
import { collectionContext, entityContext, resourceUrl } from '../../graph/odata/context.js'
import type { Entity, ReadContext } from '../../graph/odata/resource.js'
import { CollectionBody, CountBody, EntityBody } from '../../graph/odata/schema.js'
import { isLanguage } from '../../platform/i18n/index.js'
import { refusals } from '../errors.js'
import { flowIn, partOf } from '../flows/find-flow.js'
import type { UserFlowRow } from '../flows/tables.js'
import type { FlowNeeds } from '../needs.js'
import { readFlows, writeFlows } from '../permissions.js'
import { addLanguage, changeLanguage, forgetWords, mustBePage, replaceWords } from './change-languages.js'
import { languageResource } from './language-resource.js'
import { LANGUAGE_IDS, PAGE } from './rules.js'
import { LanguageChanges, NewLanguage, PageBody } from './schema.js'
import { changedContent, defaultWords } from './words-of-page.js'

const Id = Type.Object({ id: Type.String() })
const Item = Type.Object({ id: Type.String(), language: Type.String() })
const Page = Type.Object({ id: Type.String(), language: Type.String(), page: Type.String() })
const tags = ['userFlows']
const LIST = '/identity/b2xUserFlows/:id/languages'
const ITEM = `${LIST}/:language`
const nothing = { 204: Type.Null() }
/** What an administrator uploads: every text of the page, several times over. */
const UPLOAD_LIMIT = 524_288

type Path = { id: string; language: string; page: string }

/** `/identity/b2xUserFlows/{id}/languages`: which there are, and their words as files to download and upload. */
export const languageRoutes: FastifyPluginAsyncTypebox<{ needs: FlowNeeds & AnswerNeeds }> = async (app, { needs }) => {
  const read = { permission: readFlows }
  const write = { permission: writeFlows }
  // Graph's clients upload the JSON as bytes.
  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser<string>('application/octet-stream', { parseAs: 'string' }, (request, body, done) => {
    void parse(request, body, done)
  })

  app.get(
    LIST,
    {
      config: read,
      schema: { tags, summary: 'List languages of a user flow', params: Id, response: { 200: CollectionBody } },
    },
    (request) =>
      readIn(needs, request, async (context) => {
        const flow = await flowIn(context, request.params.id)
        const set = partOf(flow, 'languages')
        return { '@odata.context': collectionContext(context.base, set), value: await languagesOf(context, flow) }
      }),
  )

  app.get(
    `${LIST}/$count`,
    {
      config: read,
      schema: { tags, summary: 'Count languages of a user flow', params: Id, response: { 200: CountBody } },
    },
    async (request, reply) => {
      await readIn(needs, request, (context) => flowIn(context, request.params.id))
      return reply.type('text/plain').send(String(LANGUAGE_IDS.length))
    },
  )

  app.get(
    ITEM,
    {
      config: read,
      schema: { tags, summary: 'Read a language of a user flow', params: Item, response: { 200: EntityBody } },
    },
    (request) => readIn(needs, request, (context) => languageIn(context, request.params.id, request.params.language)),
  )

  app.patch(
    ITEM,
    {
      config: write,
      schema: {
        tags,
        summary: 'Switch a language of a user flow on or off',
        params: Item,
        body: LanguageChanges,
        response: nothing,
      },
    },
    async (request, reply) => {
      await changeLanguage(needs, request.caller, request.params.id, request.params.language, request.body)
      return reply.code(204).send(null)
    },
  )

  // Graph's clients of B2C put a language, those made from its metadata post it. Both switch one of ours on.
  app.put(
    ITEM,
    {
      config: write,
      schema: {
        tags,
        summary: 'Offer a user flow in a language',
        params: Item,
        body: LanguageChanges,
        response: { 200: EntityBody },
      },
    },
    async (request) => {
      const { id, language } = request.params
      await changeLanguage(needs, request.caller, id, language, { isEnabled: true, ...request.body })
      return readIn(needs, request, (context) => languageIn(context, id, language))
    },
  )

  app.post(
    LIST,
    {
      config: { ...write, takesIdempotencyKey: true },
      schema: {
        tags,
        summary: 'Offer a user flow in a language that it has not',
        params: Id,
        body: NewLanguage,
        response: { 201: EntityBody },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const { id: language, isEnabled = true } = request.body
      await addLanguage(needs, request.caller, id, { language, isEnabled }, idempotencyOf(request))
      const shown = await readIn(needs, request, (context) => languageIn(context, id, language))
      const location = resourceUrl(baseOf(request), `/identity/b2xUserFlows/${id}/languages/${language}`)
      return reply.code(201).header('location', location).send(shown)
    },
  )

  for (const pages of ['defaultPages', 'overridesPages'] as const) pageRoutes(pages)

  app.put(
    `${ITEM}/overridesPages/:page/$value`,
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

  for (const path of [`${ITEM}/overridesPages/:page/$value`, `${ITEM}/overridesPages/:page`]) {
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

  function pageRoutes(pages: 'defaultPages' | 'overridesPages'): void {
    const list = `${ITEM}/${pages}`
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

    app.get(
      list,
      { config: read, schema: { tags, summary: `List ${what}`, params: Item, response: { 200: CollectionBody } } },
      (request) =>
        inPage(request, { ...request.params, page: PAGE }, (context, flow) => ({
          '@odata.context': collectionContext(context.base, setOf(flow, request.params.language)),
          value: [PAGE_ENTITY],
        })),
    )

    app.get(
      `${list}/$count`,
      { config: read, schema: { tags, summary: `Count ${what}`, params: Item, response: { 200: CountBody } } },
      async (request, reply) => {
        await inPage(request, { ...request.params, page: PAGE }, () => undefined)
        return reply.type('text/plain').send('1')
      },
    )

    app.get(
      `${list}/:page`,
      {
        config: read,
        schema: { tags, summary: `Read one of the ${what}`, params: Page, response: { 200: EntityBody } },
      },
      (request) =>
        inPage(request, request.params, (context, flow) => ({
          '@odata.context': entityContext(context.base, setOf(flow, request.params.language)),
          id: PAGE,
        })),
    )

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
}

const PAGE_ENTITY: Entity = { id: PAGE }

function pageOf({ language, page }: Path): { language: string; pageId: string } {
  return { language, pageId: page }
}

async function languageIn(context: ReadContext, name: string, language: string): Promise<Entity> {
  const flow = await flowIn(context, name)
  const shown = (await languagesOf(context, flow)).find((one) => one['id'] === language)
  if (!shown) throw refusals.notFound(language)
  return { '@odata.context': entityContext(context.base, partOf(flow, 'languages')), ...shown }
}

async function languagesOf(context: ReadContext, { id }: UserFlowRow): Promise<Entity[]> {
  const shown = await languageResource.render(
    context,
    LANGUAGE_IDS.map((code) => `${id}/${code}`),
  )
  return [...shown.values()]
}
