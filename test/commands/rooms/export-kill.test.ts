import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {documentOf} from '../../support/chat.js'
import {enveloped, type Handler, httpStub} from '../../support/http-stub.js'
import {type Home, makeHome, type Running, startProcess, VEZA} from '../../support/veza.js'
import {contentsOf} from '../../unit/export/kit.js'

/** VEZA_KILLS=50 VEZA_SEED=7 kills more often, and repeats the moments of one run. */
const KILLS = Number(process.env.VEZA_KILLS ?? 8)
const SEED = Number(process.env.VEZA_SEED ?? Date.now() % 100_000)
const MESSAGES = 4_000
const LIMIT_MS = 60_000 + KILLS * 2_000

/** Numbers from 0 up to 1, the same for the same seed. */
function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}

const text = (id: number): string => `message ${id} of a long history`

/** A room of many messages, the last of which names a file; tells of each request. */
function longRoom(onRequest: () => void): Handler {
  return ({path, query}) => {
    onRequest()
    if (path.endsWith('/members')) return enveloped([{id: 2, username: 'alice'}])
    if (path.endsWith('/download')) return {headers: {'content-type': 'text/plain'}, body: 'the file'}
    if (!path.endsWith('/messages')) return enveloped({id: 1, name: 'long'})
    const newest = Number(query.get('before_id') ?? MESSAGES + 1) - 1
    const ids = Array.from({length: Math.min(100, newest)}, (_, index) => newest - index)
    const content = (id: number): string => (id === MESSAGES ? '/files/1/download' : text(id))
    return enveloped(ids.map(id => ({id, username: 'alice', content: content(id)})))
  }
}

const command = (home: Home): string[] => [
  'rooms',
  'export',
  '1',
  '--output',
  join(home.folder, 'out'),
  '--json',
]

function homeAt(origin: string): Home {
  return makeHome({VEZA_SERVER: origin, VEZA_TOKEN: 'a.b.c', VEZA_RETRIES: '0'})
}

test(
  `an export that is killed with -9 again and again ends whole, VEZA_SEED=${SEED}`,
  async () => {
    const random = dice(SEED)
    let running: Running | undefined
    let left = Number.POSITIVE_INFINITY
    let delayMs = 0
    await using server = await httpStub(
      longRoom(() => {
        left -= 1
        const {child} = running ?? {}
        if (left === 0) setTimeout(() => child?.kill('SIGKILL'), delayMs)
      }),
    )
    const home = homeAt(server.origin)
    for (let kill = 0; kill < KILLS; kill++) {
      // While it reads, or some time behind its second request: then it may be writing, too.
      const isReading = random() < 0.5
      left = isReading ? 1 + Math.floor(random() * 45) : 2
      delayMs = isReading ? 0 : random() * 90
      running = home.start(command(home))
      await running.ended
    }
    left = Number.POSITIVE_INFINITY
    expect(documentOf(await home.run(command(home)))).toMatchObject({messages: MESSAGES, files: 1})
    const folder = join(home.folder, 'out')
    const expected = Array.from({length: MESSAGES - 1}, (_, index) => text(index + 1))
    expect(contentsOf(folder)).toEqual([...expected, '/files/1/download'])
    expect((await home.run(['export', 'verify', folder])).code).toBe(0)
  },
  LIMIT_MS,
)

test('Ctrl-C ends it with 130 and says how to go on; then it does', async () => {
  let running: Running | undefined
  let requests = 0
  await using server = await httpStub(
    longRoom(() => {
      requests += 1
      if (requests === 20) running?.child.kill('SIGINT')
    }),
  )
  const home = homeAt(server.origin)
  running = home.start(command(home).filter(word => word !== '--json'))
  const {code, stdout, stderr} = await running.ended
  expect([code, stdout, stderr]).toEqual([130, '', 'interrupted: run the same command again to go on\n'])
  const unfinished = await home.run(['export', 'verify', join(home.folder, 'out')])
  expect([unfinished.code, unfinished.stdout]).toEqual([1, expect.stringContaining('unfinished')])
  expect(documentOf(await home.run(command(home)))).toMatchObject({resumed: true, messages: MESSAGES})
})

test('a file that the disk does not take ends it with words, and what is there stays good', async () => {
  await using server = await httpStub(longRoom(() => undefined))
  const home = homeAt(server.origin)
  const limited = join(home.folder, 'limited.sh')
  // So many blocks of 1024 bytes a file may have; beyond, a write fails as on a full disk.
  writeFileSync(limited, `trap '' XFSZ; ulimit -f 100; exec "$@"\n`)
  const full = await startProcess('bash', [limited, ...VEZA, ...command(home)], home.env).ended
  expect(full).toMatchObject({code: 1, stdout: ''})
  expect(full.stderr).toMatch(/cannot write .*EFBIG/)
  expect(documentOf(await home.run(command(home)))).toMatchObject({messages: MESSAGES})
  expect((await home.run(['export', 'verify', join(home.folder, 'out')])).code).toBe(0)
})
