// A real Redis that keeps nothing on disk, and what is asked of it.
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {createServer} from 'node:net'
import {createClient} from 'redis'

const PAGE_ENTRIES = 10_000

/** Starts it on a free port. `stop` ends it. */
export async function startRedis() {
  const port = await freePort()
  const server = spawn('redis-server', ['--port', `${port}`, '--bind', '127.0.0.1', '--save', ''], {
    stdio: 'ignore',
  })
  const failed = once(server, 'exit').then(([code]) => {
    throw new Error(`redis-server ended with ${code}`)
  })
  failed.catch(() => {})
  const url = `redis://127.0.0.1:${port}`
  const client = createClient({url})
  client.on('error', () => {})
  await Promise.race([client.connect(), failed])
  return {
    url,
    port: `${port}`,
    pid: server.pid,
    length: key => client.xLen(key),
    entries: key => entries(client, key),
    remove: key => client.del(key),
    async stop() {
      client.destroy()
      server.kill('SIGTERM')
      await once(server, 'exit').catch(() => {})
    },
  }
}

async function entries(client, key) {
  const all = []
  for (let start = '-'; ; ) {
    const page = (await client.xRange(key, start, '+', {COUNT: PAGE_ENTRIES})) ?? []
    all.push(...page)
    if (page.length < PAGE_ENTRIES) return all
    start = `(${page.at(-1).id}`
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const {port} = server.address()
      server.close(() => resolve(port))
    })
  })
}
