import type { FastifyReply, FastifyRequest } from 'fastify'
import { frameFor } from './frame.js'
import { Head } from './page.js'
import { sendPage } from './send-page.js'

type Schema = {
  type?: string | string[]
  description?: string
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  anyOf?: Schema[]
  const?: unknown
  enum?: unknown[]
  readOnly?: boolean
}
type Content = { content?: Record<string, { schema?: Schema }> }
type Parameter = { name: string; in: string; description?: string; schema?: Schema }
type Operation = {
  tags?: string[]
  summary?: string
  description?: string
  parameters?: Parameter[]
  requestBody?: Content
  responses?: Record<string, Content & { description?: string }>
}
type Listed = { method: string; path: string; operation: Operation }

const METHODS = ['get', 'post', 'put', 'patch', 'delete']

/** `/docs`: the OpenAPI document as a page that needs no script. Written for developers, in English. */
export function renderReference(document: object, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const frame = frameFor(request, { organization: undefined })
  const operations = listOperations(document)
  const tags = [...new Set(operations.map(({ operation }) => operation.tags?.[0] ?? 'other'))]
  const page = (
    <html lang="en" dir="ltr">
      <Head title="Vestibule API reference" stylesheetPath={frame.stylesheetPath} />
      <body>
        <header class="bar">
          <b>Vestibule API</b>
          <a href="/openapi.json">openapi.json</a>
        </header>
        <main class="page stack" data-page="reference">
          <h1>API reference</h1>
          <p class="lead">
            Paths, bodies, errors and permission names are those of Microsoft Graph v1.0. Every path also answers under{' '}
            <code>/beta</code>. Errors are <code>{'{ error: { code, message, innerError } }'}</code>. Get a token at{' '}
            <code>/{'{tenant}'}/oauth2/v2.0/token</code> with client credentials.
          </p>
          {tags.map((tag) => (
            <section class="stack">
              <h2>{tag}</h2>
              {operations
                .filter(({ operation }) => (operation.tags?.[0] ?? 'other') === tag)
                .map((listed) => (
                  <OperationDetails {...listed} />
                ))}
            </section>
          ))}
        </main>
      </body>
    </html>
  )
  return sendPage(reply, page, { status: 200, nonce: frame.nonce })
}

function OperationDetails({ method, path, operation }: Listed) {
  const body = schemaOf(operation.requestBody)
  const query = queryOf(operation)
  return (
    <details class="panel pad">
      <summary>
        <code>
          {method.toUpperCase()} {path}
        </code>
        {operation.summary && ` ${operation.summary}`}
      </summary>
      {operation.description && <p class="gap">{operation.description}</p>}
      {query && <Properties title="Query" schema={query} />}
      {body && <Properties title="Request body" schema={body} />}
      {Object.entries(operation.responses ?? {})
        .filter(([status]) => status !== 'default')
        .map(([status, response]) => {
          const schema = schemaOf(response)
          return schema?.properties ? (
            <Properties title={`Answer ${status}`} schema={schema} />
          ) : (
            <p class="gap">Answer {status}, no body</p>
          )
        })}
    </details>
  )
}

function Properties({ title, schema }: { title: string; schema: Schema }) {
  const rows = Object.entries(schema.properties ?? {}).filter(([, property]) => !property.readOnly)
  return (
    <table class="gap">
      <caption class="hide">{title}</caption>
      <thead>
        <tr>
          <th scope="col">{title}</th>
          <th scope="col">Type</th>
          <th scope="col">Notes</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, property]) => (
          <tr>
            <td>
              <code>{name}</code>
              {schema.required?.includes(name) && <span class="sub">required</span>}
            </td>
            <td>{typeOf(property)}</td>
            <td>{property.description}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function listOperations(document: object): Listed[] {
  const { paths } = document as { paths?: Record<string, Record<string, Operation>> }
  return Object.entries(paths ?? {}).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method]
      return operation ? [{ method, path, operation }] : []
    }),
  )
}

function queryOf({ parameters = [] }: Operation): Schema | undefined {
  const inQuery = parameters.filter((parameter) => parameter.in === 'query')
  if (inQuery.length === 0) return undefined
  const properties = inQuery.map(({ name, description = '', schema }): [string, Schema] => [
    name,
    { ...schema, description },
  ])
  return { properties: Object.fromEntries(properties) }
}

function schemaOf(content: Content | undefined): Schema | undefined {
  return content?.content?.['application/json']?.schema
}

function typeOf(schema: Schema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(' or ')
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' or ')
  if (schema.items) return `list of ${typeOf(schema.items)}`
  return [schema.type ?? 'any'].flat().join(' or ')
}
