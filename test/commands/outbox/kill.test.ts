import {once} from 'node:events'
import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {setTimeout as sleep} from 'node:timers/promises'
import {expect, onTestFinished, test} from 'vitest'
import {documentOf, recordsOf, useChat} from '../../support/chat.js'
import {type Home, makeHome, type Running} from '../../support/veza.js'

/** VEZA_KILLS=50 VEZA_SEED=7 kills more often, and repeats the moments of one run. */
const KILLS = Number(process.env.VEZA_KILLS ?? 8)
const SEED = Number(process.env.VEZA_SEED ?? Date.now() % 100_000)

const LIMIT_MS = 30_000 + KILLS * 2_000

const chat = useChat({dialect: 'guide'})

/** A server that does not drop repeats, with a proxy before it that says of each message when it comes by. */
async function watchedHome(onMessage: (moment: 'before' | 'after') => void): Promise<Home> {
  const proxy = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const {method = 'GET', url = '', headers} = request
    const isMessage = method === 'POST' && url.endsWith('/messages')
    if (isMessage) onMessage('before')
    const answer = await fetch(`${chat.url}${url}`, {
      method,
      headers: {authorization: headers.authorization ?? '', 'content-type': 'application/json'},
      ...(method === 'POST' ? {body: Buffer.concat(chunks)} : {}),
    })
    const body = await answer.text()
    if (isMessage) onMessage('after')
    response.writeHead(answer.status, {'content-type': 'application/json'}).end(body)
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  onTestFinished(() => {
    proxy.closeAllConnections()
    proxy.close()
  })
  const {port} = proxy.address() as AddressInfo
  return makeHome({
    VEZA_SERVER: `http://127.0.0.1:${port}`,
    VEZA_TOKEN: chat.token('alice'),
    VEZA_RETRY_DELAY: '1ms',
    VEZA_RATE_LIMIT: '0',
  })
}

/** Numbers from 0 up to 1, the same for the same seed. */
function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}

async function waiting(home: Home): Promise<string[]> {
  const rows = documentOf<{content: string}[]>(await home.run(['outbox', 'list', '--json']))
  return rows.map(({content}) => content)
}

test(
  `a flush that is killed loses nothing and sends nothing twice, VEZA_SEED=${SEED}`,
  async () => {
    const random = dice(SEED)
    let running: Running | undefined
    let countdown = 0
    const home = await watchedHome(() => {
      countdown -= 1
      if (countdown === 0) running?.child.kill('SIGKILL')
    })
    const {id} = await chat.room()
    const texts = Array.from({length: Math.min(KILLS * 2, 100)}, (_, nth) => `message ${nth}`)
    for (const text of texts) await home.run(['messages', 'send', `${id}`, text, '--queue'])
    for (let kill = 0; kill < KILLS; kill++) {
      // One of: before or after the server has acted, or a moment behind the first record, while the file is written.
      countdown = random() < 0.7 ? 1 + Math.floor(random() * 4) : 0
      running = home.start(['outbox', 'flush', '--json'])
      if (countdown === 0) {
        await Promise.race([running.sees('stdout', '\n').catch(() => undefined), running.ended])
        await sleep(random() * 40)
        running.child.kill('SIGKILL')
      }
      await running.ended
    }
    countdown = 0
    expect((await home.run(['outbox', 'flush'])).code).toBe(0)
    expect([await chat.contents(id), await waiting(home)]).toEqual([texts, []])
  },
  LIMIT_MS,
)

test(
  `what was said to be queued is, whoever is killed meanwhile, VEZA_SEED=${SEED}`,
  async () => {
    const random = dice(SEED + 1)
    const home = await watchedHome(() => undefined)
    const said: string[] = []
    const queue = async (text: string, isKilled: boolean): Promise<void> => {
      const running = home.start(['messages', 'send', '1', text, '--queue', '--json'])
      // Node starts in some 40 ms, the command ends after 150.
      if (isKilled) for (let rest = 40 + random() * 120; rest > 0; rest -= 40) await sleep(Math.min(rest, 40))
      if (isKilled) running.child.kill('SIGKILL')
      const {stdout} = await running.ended
      if (stdout.endsWith('\n'))
        said.push(...recordsOf<{content: string}>({stdout}).map(({content}) => content))
    }
    for (let round = 0; round < KILLS; round++)
      await Promise.all([queue(`killed ${round}`, true), queue(`left ${round}`, false)])
    const kept = await waiting(home)
    expect(said.filter(text => !kept.includes(text))).toEqual([])
    expect(said.filter(text => text.startsWith('left'))).toHaveLength(KILLS)
    expect(new Set(kept).size).toBe(kept.length)
  },
  LIMIT_MS,
)
