import {describe, expect, test} from 'vitest'
import {errorOf, recordsOf} from '../../support/chat.js'
import {enveloped, type Handler, httpStub, type SeenRequest} from '../../support/http-stub.js'
import {makeHome} from '../../support/veza.js'

/** A room of 300 messages on a server of the reference dialect that stops answering when asked for what is after `lastId`. */
function until(lastId: number, end: Handler): Handler {
  const rowsAfter = (id: number) =>
    Array.from({length: 100}, (_, n) => ({id: id + n + 1, content: `m${id + n + 1}`}))
  const answer = ({query}: SeenRequest) => {
    const after = query.get('after_id')
    const rows = after === null ? rowsAfter(200).reverse() : rowsAfter(Number(after))
    return enveloped({messages: rows, has_more: true})
  }
  return {
    raw: (request, response) => {
      const url = new URL(request.url ?? '/', 'http://stub')
      if (Number(url.searchParams.get('after_id')) >= lastId && 'raw' in end)
        return end.raw(request, response)
      const {status = 200, body} = answer({query: url.searchParams} as SeenRequest)
      response.writeHead(status, {'content-type': 'application/json'}).end(JSON.stringify(body))
    },
  }
}

describe('a history that does not come to its end', () => {
  const args = ['messages', 'history', '15', '--since', '50', '--json']

  test('a server that goes away half-way: what came is there, and stderr says how to go on', async () => {
    await using stub = await httpStub(until(150, {raw: request => request.socket.destroy()}))
    const home = makeHome({VEZA_SERVER: stub.origin, VEZA_TOKEN: 'x', VEZA_RETRIES: '0'})
    const run = await home.run(args)
    expect(run.code).toBe(6)
    expect(recordsOf(run).map(({id}) => id)).toEqual(Array.from({length: 100}, (_, n) => n + 51))
    const [error = '', last = ''] = run.stderr.split('\n')
    expect(errorOf({...run, stderr: `${error}\n`})).toMatchObject({code: 'unreachable'})
    expect(last).toMatch(/^ended: .+; 100 messages; \d+\.\d s; go on with --since 150$/)
  })

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s in the middle of a page that does not come', async (signal, code) => {
    await using stub = await httpStub(until(150, {raw: () => undefined}))
    const running = makeHome({VEZA_SERVER: stub.origin, VEZA_TOKEN: 'x'}).start(args.slice(0, -1))
    await running.sees('stdout', 'm150')
    running.child.kill(signal)
    const ended = await running.ended
    expect(ended.code).toBe(code)
    expect(ended.stderr).toMatch(
      /ended: (interrupted|terminated); 100 messages; \d+\.\d s; go on with --since 150\n$/,
    )
  })

  test('a server that repeats its page is told of', async () => {
    const rows = Array.from({length: 100}, (_, n) => ({id: 300 - n, content: 'x'}))
    await using stub = await httpStub(enveloped({messages: rows, has_more: true}))
    const home = makeHome({VEZA_SERVER: stub.origin, VEZA_TOKEN: 'x'})
    const run = await home.run(args)
    expect(run).toMatchObject({
      code: 0,
      stderr: 'warning: the server repeats a page: older messages cannot be reached\n',
    })
    expect(recordsOf(run)).toHaveLength(100)
  })
})
