import {describe, expect, test} from 'vitest'
import {recordsOf} from '../../support/chat.js'
import {homeOf, openSandbox} from '../../support/sandbox.js'
import type {Home} from '../../support/veza.js'

const FAST = {VEZA_RETRY_DELAY: '1ms', VEZA_RETRIES: '0'}

async function contentsOf(home: Home, room: string): Promise<string[]> {
  const {stdout} = await home.run(['messages', 'list', room, '--json'])
  return (JSON.parse(stdout) as {content: string}[]).map(({content}) => content).reverse()
}

describe.each(['guide', 'reference'] as const)('outbox and a server that fails, %s', dialect => {
  test('an outage of one room holds up that room alone', async () => {
    const sandbox = await openSandbox({dialect})
    const home = homeOf(sandbox, 'alice', FAST)
    await home.run(['rooms', 'create', 'builds'])
    for (const [room, text] of [
      ['1', 'a'],
      ['2', 'b'],
      ['1', 'c'],
    ] as const)
      await home.run(['messages', 'send', room, text, '--queue'])
    sandbox.faults.arm({kind: 'html', count: 9, method: 'POST', path: '/rooms/1/messages'})
    const run = await home.run(['outbox', 'flush', '--json'])
    expect(run.code).toBe(1)
    expect(recordsOf(run).map(({content, outcome}) => `${content} ${outcome}`)).toEqual([
      'a waiting',
      'b created',
      'c held',
    ])
    sandbox.faults.clear()
    await home.run(['outbox', 'flush'])
    expect(await contentsOf(home, 'general')).toEqual(['a', 'c'])
  })

  test('what arrived although its answer was lost is found, and not sent again', async () => {
    const sandbox = await openSandbox({dialect})
    const home = homeOf(sandbox, 'alice', FAST)
    sandbox.faults.arm({kind: 'reset_after', count: 1, method: 'POST', path: '/rooms/1/messages'})
    // The look after it fails, too: whether the message has arrived is not known.
    sandbox.faults.arm({kind: 'reset_before', count: 1, method: 'GET', path: '/rooms/1/messages'})
    const run = await home.run(['messages', 'send', '1', 'once', '--queue-on-failure', '--json'])
    expect(run).toMatchObject({code: 0, stdout: expect.stringContaining('"queued"')})
    expect(await contentsOf(home, 'general')).toEqual(['once'])
    const flush = await home.run(['outbox', 'flush', '--json'])
    expect(recordsOf(flush)).toMatchObject([{outcome: 'created', content: 'once'}])
    expect(await contentsOf(home, 'general')).toEqual(['once'])
  })
})
