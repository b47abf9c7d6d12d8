import { createServer } from 'node:http'
import postgres from 'postgres'

export type BarePagesOrder = { port: number; databaseUrl: string; pageBytes: number }

/**
 * The least that a sign-up of six requests could be: three pages of the same size that are the same for everybody, and three
 * forms that each put one row into a table without an index but its key.
 */
process.once('message', async ({ port, databaseUrl, pageBytes }: BarePagesOrder) => {
  const sql = postgres(databaseUrl, { max: 4 })
  await sql`create table if not exists bare_answers (id bigint generated always as identity primary key, body text not null)`
  const page = `<!doctype html>${' '.repeat(pageBytes)}`
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    if (request.method === 'POST') {
      await sql`insert into bare_answers (body) values (${body})`
      return response.writeHead(303, { location: '/', 'content-length': 0 }).end()
    }
    return response.writeHead(200, { 'content-type': 'text/html', 'content-length': page.length }).end(page)
  })
  server.listen(port, '127.0.0.1', () => process.send?.('listening'))
})
