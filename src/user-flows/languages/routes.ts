import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { FastifyRequest } from 'fastify'
import { idempotencyOf } from '../../graph/idempotency.js'
import { type AnswerNeeds, answerCreated, readIn } from '../../graph/odata/answer.js'
import { entityContext } from '../../graph/odata/context.js'
import type { Entity, ReadContext } from '../../graph/odata/resource.js'
import { EntityBody } from '../../graph/odata/schema.js'
import { wholeItemRoute, wholeListRoutes } from '../../graph/odata/whole-list.js'
import { refusals } from '../errors.js'
import { flowIn, partOf } from '../flows/find-flow.js'
import type { UserFlowRow } from '../flows/tables.js'
import type { FlowNeeds } from '../needs.js'
import { readFlows, writeFlows } from '../permissions.js'
import { addLanguage, changeLanguage } from './change-languages.js'
import { languageList, languageResource } from './language-resource.js'
import { LANGUAGE_IDS } from './rules.js'
import { LanguageChanges, NewLanguage } from './schema.js'
import { wordRoutes } from './word-routes.js'

type App = Parameters<FastifyPluginAsyncTypebox>[0]
type Needs = FlowNeeds & AnswerNeeds

const Id = Type.Object({ id: Type.String() })
const Item = Type.Object({ id: Type.String(), language: Type.String() })
const tags = ['userFlows']
const read = { permission: readFlows }
const write = { permission: writeFlows }
const LIST = '/identity/b2xUserFlows/:id/languages'
const ITEM = `${LIST}/:language`

/** `/identity/b2xUserFlows/{id}/languages`: which there are, and their words as files to download and upload. */
export const languageRoutes: FastifyPluginAsyncTypebox<{ needs: Needs }> = async (app, { needs }) => {
  listRoutes(app, needs)
  itemRoutes(app, needs)
  wordRoutes(app, needs, ITEM)
}

function listRoutes(app: App, needs: Needs): void {
  wholeListRoutes(app, needs, {
    path: LIST,
    what: 'languages of a user flow',
    tags,
    params: Id,
    config: read,
    list: languageList,
    hold: holdIn(needs),
  })

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
      return answerCreated(request, reply, `/identity/b2xUserFlows/${id}/languages/${language}`, shown)
    },
  )
}

function itemRoutes(app: App, needs: Needs): void {
  wholeItemRoute(app, needs, {
    path: ITEM,
    summary: 'Read a language of a user flow',
    what: 'languages of a user flow',
    tags,
    params: Item,
    config: read,
    list: languageList,
    hold: holdIn(needs),
    id: languageOf,
    notFound: refusals.notFound,
  })

  app.patch(
    ITEM,
    {
      config: write,
      schema: {
        tags,
        summary: 'Switch a language of a user flow on or off',
        params: Item,
        body: LanguageChanges,
        response: { 204: Type.Null() },
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
}

type Named = { id: string; language?: string }

const languageOf = ({ params }: FastifyRequest) => (params as Named).language ?? ''

/** The languages of the flow that the path names. */
function holdIn(needs: Needs) {
  return (request: FastifyRequest) =>
    readIn(needs, request, async (context) => {
      const flow = await flowIn(context, (request.params as Named).id)
      return { set: partOf(flow, 'languages'), entities: await languagesOf(context, flow) }
    })
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
