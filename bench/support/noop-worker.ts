import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import type { Rate } from '../scenarios/mail.js'
import { serve } from './worker.js'

export type NoopOrder = { redisUrl: string; count: number; concurrency: number }

const NAME = 'no-op'
const JOB = { attempts: 1, removeOnComplete: true, removeOnFail: true }

serve<NoopOrder, Rate>(async ({ redisUrl, count, concurrency }) => {
  const connection = new Redis(redisUrl, { maxRetriesPerRequest: null })
  const queue = new Queue(NAME, { connection })
  const data = { id: crypto.randomUUID(), tenantId: crypto.randomUUID(), subjectId: crypto.randomUUID(), failures: 0 }
  for (let added = 0; added < count; added += 500) {
    await queue.addBulk(Array.from({ length: 500 }, () => ({ name: NAME, data, opts: JOB })))
  }
  const worker = new Worker(NAME, async () => {}, { connection, concurrency, autorun: false })
  await worker.waitUntilReady()
  let ended = 0
  const done = new Promise<void>((resolve) => {
    worker.on('completed', () => {
      if (++ended === count) resolve()
    })
  })
  const began = performance.now()
  void worker.run()
  await done
  const seconds = (performance.now() - began) / 1_000
  await worker.close()
  await queue.close()
  connection.disconnect()
  return { rate: count / seconds }
})
