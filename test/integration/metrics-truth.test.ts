import {expect, test} from 'vitest'
import {type Fields, recordsOf, signIn} from '../support/chat.js'
import {openSandbox} from '../support/sandbox.js'
import {makeHome} from '../support/veza.js'
import {figure} from '../unit/metrics/kit.js'

const DIALECTS = ['guide', 'reference'] as const
const DROPS = 4
const LOST = 5
const REPEATED = 7

/**
 * Comparisons with history come often, so that what was not broadcast is found soon, but leave a broadcast the second that a
 * busy machine may need for it: one that history has overtaken counts as late, and then as repeated.
 */
const QUICK = {VEZA_PING_INTERVAL: '1s', VEZA_RETRY_DELAY: '20ms'}
const LIMIT_MS = 60_000

test.each(DIALECTS)(
  'what a tail counts is what the server did: broken connections, lost and repeated broadcasts, %s',
  async dialect => {
    const sandbox = await openSandbox({dialect})
    const token = await signIn(sandbox.url, 'alice')
    const home = makeHome({VEZA_SERVER: sandbox.url, VEZA_TOKEN: token, ...QUICK})
    const args = ['messages', 'tail', '1', '--json', '--events', '--metrics-listen', '0']
    const tail = home.start(args)
    const told = await tail.sees('stderr', /^metrics: \S+\n/m)
    const url = /^metrics: (\S+)$/m.exec(told)?.[1] ?? ''
    await tail.sees('stderr', 'ready: ')

    let sent = 0
    const send = async (count: number): Promise<string> => {
      for (let i = 0; i < count; i += 1) {
        sent += 1
        await post(sandbox.url, token, `message ${sent}.`)
      }
      return `message ${sent}.`
    }
    // Where nothing else shows a join the first message does: history is read once more then, and may have it before its frame.
    await tail.sees('stdout', await send(1))
    const repeated = async (): Promise<number> =>
      Number(figure(await scrape(url), 'veza_feed_duplicates_total'))
    const before = await repeated()
    sandbox.faults.arm({kind: 'duplicate', count: REPEATED})
    await tail.sees('stdout', await send(REPEATED))
    await tail.sees('stdout', await send(1))
    expect((await repeated()) - before).toBe(REPEATED)
    for (let drop = 1; drop <= DROPS; drop += 1) {
      await send(10)
      sandbox.faults.arm({kind: 'drop'})
      const last = await send(10)
      await tail.sees('stdout', last)
      await tail.sees('stderr', new RegExp(`(reconnected after [\\s\\S]*){${drop}}`))
    }
    sandbox.faults.arm({kind: 'swallow', count: LOST})
    await tail.sees('stdout', await send(LOST))
    await tail.sees('stdout', await send(1))

    const text = await scrape(url)
    const {connections, openConnections, messages} = sandbox.figures()
    const {drop, swallow, duplicate} = sandbox.faults.counts()
    expect({drop, swallow, duplicate, messages}).toEqual({
      drop: DROPS,
      swallow: LOST,
      duplicate: REPEATED,
      messages: sent,
    })
    expect(counted(text)).toEqual({
      received: messages,
      attempts: connections,
      open: openConnections,
      reconnections: drop,
      errors: drop,
      late: swallow,
      dropped: 0,
      waiting: 0,
    })

    tail.child.kill('SIGTERM')
    const records = recordsOf(await tail.ended)
    const gaps = records.filter(({event}) => event === 'gap_filled')
    const filled = gaps.reduce((sum, {count}) => sum + Number(count), 0)
    expect(figure(text, 'veza_feed_gap_filled_total')).toBe(filled)
    expect(records.filter(({content}) => content !== undefined)).toHaveLength(sent)
    expect(records.at(-1)).toMatchObject({event: 'end', counts: {reconnects: drop, late: swallow}})
  },
  LIMIT_MS,
)

function counted(text: string): Fields {
  return {
    received: figure(text, 'chat_client_messages_total{direction="received",type="room_message"}'),
    attempts: figure(text, 'chat_client_connections_total'),
    open: figure(text, 'chat_client_connections_active'),
    reconnections: figure(text, 'chat_client_reconnections_total'),
    errors: figure(text, 'chat_client_errors_total{type="unreachable"}'),
    late: figure(text, 'veza_feed_late_total'),
    dropped: figure(text, 'veza_feed_dropped_total'),
    waiting: figure(text, 'veza_feed_queue_messages'),
  }
}

const scrape = async (url: string): Promise<string> => (await fetch(url)).text()

async function post(url: string, token: string, content: string): Promise<void> {
  const response = await fetch(`${url}/api/v1/rooms/1/messages`, {
    method: 'POST',
    headers: {authorization: `Bearer ${token}`, 'content-type': 'application/json'},
    body: JSON.stringify({content}),
  })
  if (!response.ok) throw new Error(`cannot send: ${response.status}`)
}
