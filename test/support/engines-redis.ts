import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'

export type RunningRedis = { url: string; pid: number; port: number }

/**
 * Starts a Redis that keeps nothing on disk and outlives this process. A test that empties or kills Redis takes one
 * of its own, on the port of the one it has killed if it wants it back.
 */
export async function startRedis(dir: string, port?: number): Promise<RunningRedis> {
  await mkdir(dir, { recursive: true })
  for (let attempt = 0; attempt < 5; attempt++) {
    const chosen = port ?? (await freePort())
    const log = openSync(join(dir, 'redis.log'), 'a')
    const settings = { port: chosen, bind: '127.0.0.1', save: '', appendonly: 'no', databases: 512, dir }
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)])
    const child = spawn('redis-server', args, { detached: true, stdio: ['ignore', log, log] })
    closeSync(log)
    const failed = new Promise<false>((resolve) =>
      child.once('exit', () => resolve(false)).once('error', () => resolve(false)),
    )
    child.unref()
    const url = `redis://127.0.0.1:${chosen}`
    if ((await Promise.race([failed, comesUp(url)])) && child.pid !== undefined)
      return { url, pid: child.pid, port: chosen }
  }
  throw new Error(`redis-server does not start; see ${join(dir, 'redis.log')}, or run: node test/support/provide.js`)
}

/** Whether a Redis answers there. */
export async function answers(url: string): Promise<boolean> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null, connectTimeout: 1_000 })
  redis.on('error', () => {})
  try {
    await redis.connect()
    return (await redis.ping()) === 'PONG'
  } catch {
    return false
  } finally {
    redis.disconnect()
  }
}

async function comesUp(url: string): Promise<boolean> {
  for (const until = Date.now() + 60_000; Date.now() < until; await sleep(20)) if (await answers(url)) return true
  return false
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
