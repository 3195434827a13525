import type {IncomingMessage, ServerResponse} from 'node:http'
import {describe, expect, test} from 'vitest'
import {errorOf, recordsOf} from '../../support/chat.js'
import {enveloped, failure, type HttpStub, httpStub} from '../../support/http-stub.js'
import {type Home, makeHome} from '../../support/veza.js'

const NEWEST = 100_000
const PAGE = 100

type Answer = (request: IncomingMessage, response: ServerResponse) => void

/** A room of 100,000 messages, of which every tenth page begins with a needle. `end` answers what is older than `lastId`. */
function room(lastId = 0, end?: Answer): {readonly raw: Answer} {
  return {
    raw: (request, response) => {
      const before = Number(
        new URL(request.url ?? '/', 'http://stub').searchParams.get('before_id') ?? NEWEST + 1,
      )
      if (before <= lastId && end !== undefined) return end(request, response)
      const top = before - 1
      const messages = Array.from({length: Math.min(PAGE, top)}, (_, n) => {
        const id = top - n
        return {id, username: 'bob', content: id % 1000 === 0 ? `needle ${id}` : `${'hay '.repeat(50)}${id}`}
      })
      const data = {messages, has_more: top > PAGE}
      response.writeHead(200, {'content-type': 'application/json'}).end(JSON.stringify({success: true, data}))
    },
  }
}

const homeAt = ({origin}: HttpStub, env: NodeJS.ProcessEnv = {}): Home =>
  makeHome({VEZA_SERVER: origin, VEZA_TOKEN: 'x', ...env})
const args = ['messages', 'search', 'needle', '15']

describe('a search through 100,000 messages', () => {
  test('finds every match, newest first, in little memory', async () => {
    await using stub = await httpStub(room())
    const home = homeAt(stub, {NODE_OPTIONS: '--max-old-space-size=48'})
    const run = await home.run([...args, '--json'])
    expect(run.stderr).toContain('100 matches in 100000 messages of room 15\n')
    expect(run.code).toBe(0)
    const expected = Array.from({length: 100}, (_, n) => NEWEST - n * 1000)
    expect(recordsOf(run).map(({id}) => id)).toEqual(expected)
    expect(stub.count()).toBe(1000)
  }, 60_000)

  test('the first match is out before the second page is asked for', async () => {
    let release = (): void => {}
    const held = new Promise<void>(resolve => {
      release = resolve
    })
    const answer = room()
    await using stub = await httpStub(
      room(NEWEST, (request, response) => {
        void held.then(() => answer.raw(request, response))
      }),
    )
    const running = homeAt(stub).start([...args, '--limit', '2'])
    await running.sees('stdout', 'needle 100000\n')
    release()
    expect(await running.ended).toMatchObject({code: 0, stdout: expect.stringContaining('needle 99000\n')})
  })

  test('a reader who has enough ends it at once, with 0', async () => {
    await using stub = await httpStub(room(NEWEST, () => undefined))
    const running = homeAt(stub).start(args)
    await running.sees('stdout', 'needle 100000\n')
    running.child.stdout.destroy()
    expect((await running.ended).code).toBe(0)
  })

  test('a server that goes away half-way: exit code 6, what was found, and how to go on', async () => {
    await using stub = await httpStub(room(98_900, request => request.socket.destroy()))
    const run = await homeAt(stub, {VEZA_RETRIES: '0'}).run([...args, '--json', '--quiet'])
    expect(run.code).toBe(6)
    expect(recordsOf(run).map(({id}) => id)).toEqual([100_000, 99_000])
    expect(errorOf(run)).toMatchObject({code: 'unreachable'})
    const loud = await homeAt(stub, {VEZA_RETRIES: '0'}).run(args)
    expect(loud.stderr).toMatch(
      /\nended: .+; 2 matches in 1200 messages; \d+\.\d s; go on with --until 98800\n$/,
    )
  })

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends it, and says how to go on', async (signal, code) => {
    await using stub = await httpStub(room(NEWEST, () => undefined))
    const running = homeAt(stub).start(args)
    await running.sees('stdout', 'needle 100000\n')
    running.child.kill(signal)
    const ended = await running.ended
    expect(ended.code).toBe(code)
    expect(ended.stderr).toMatch(
      /ended: \w+; 1 match in 100 messages; \d+\.\d s; go on with --until 99900\n$/,
    )
  })

  test('--timeout ends it with 124', async () => {
    await using stub = await httpStub(room(NEWEST, () => undefined))
    expect((await homeAt(stub).run([...args, '--timeout', '1s'])).code).toBe(124)
  })

  test('a server that repeats its page is told of', async () => {
    const page = {
      success: true,
      data: {messages: [{id: 7, content: 'needle'}], has_more: true},
    }
    await using stub = await httpStub({body: page})
    const run = await homeAt(stub).run(args)
    expect(run.code).toBe(0)
    expect(run.stdout).toBe('\tunknown\tneedle\n')
    expect(run.stderr).toContain(
      'warning: the server repeats a page of #15: older messages cannot be reached\n',
    )
  })

  test('--all-rooms goes on without a room that may not be read; a room that is named does not', async () => {
    const rooms = {
      rooms: [
        {id: 1, name: 'open'},
        {id: 2, name: 'closed'},
      ],
      has_more: false,
    }
    const answer = ({path}: {path: string}) => {
      if (path.endsWith('/rooms')) return enveloped(rooms)
      if (path.includes('/2/')) return failure(403, 'PERMISSION_DENIED', 'private')
      return enveloped({messages: [{id: 7, content: 'needle'}], has_more: false})
    }
    await using stub = await httpStub(answer)
    const all = await homeAt(stub).run(['messages', 'search', 'needle', '--all-rooms', '--json'])
    expect(all.code).toBe(0)
    expect(recordsOf(all)).toMatchObject([{id: 7, room_id: 1, room_name: 'open'}])
    expect(all.stderr).toContain('warning: #closed is left out: private (HTTP 403)\n')
    const named = await homeAt(stub).run(['messages', 'search', 'needle', '1', '2'])
    expect(named.code).not.toBe(0)
  })
})
