import {describe, expect, test} from 'vitest'
import {KeptMessage, type MessageCalls} from '../../../../src/lib/cli/run/kept-message.js'
import {VezaError} from '../../../../src/lib/errors/veza-error.js'

/** Calls that are noted, and sleeps that end when the test says so. */
function world(failures: readonly (VezaError | undefined)[] = []) {
  const seen: string[] = []
  const left = [...failures]
  const waits: {delayMs: number; wake(): void}[] = []
  const call = async (text: string): Promise<void> => {
    seen.push(text)
    const failure = left.shift()
    if (failure) throw failure
  }
  const calls: MessageCalls = {
    create: async content => call(`create ${content}`).then(() => 7),
    edit: (id, content) => call(`edit ${id} ${content}`),
  }
  let texts = 0
  const start = (message: KeptMessage): void =>
    message.start({
      firstAfterMs: 300,
      everyMs: 10_000,
      render: () => `text ${++texts}`,
      sleep: (delayMs, signal) =>
        new Promise(resolve => {
          signal.addEventListener('abort', () => resolve(), {once: true})
          if (signal.aborted) resolve()
          waits.push({delayMs, wake: resolve})
        }),
    })
  /** Ends the wait that is under way and lets all that follows from it happen. */
  const tick = async (): Promise<void> => {
    waits.at(-1)?.wake()
    await new Promise(resolve => setImmediate(resolve))
  }
  return {message: new KeptMessage(calls), seen, waits, start, tick}
}

describe('KeptMessage', () => {
  test('is sent once, then edited, and has the last word', async () => {
    const {message, seen, waits, start, tick} = world()
    start(message)
    await tick()
    await tick()
    await message.finish('done')
    expect(seen).toEqual(['create text 1', 'edit 7 text 2', 'edit 7 done'])
    expect(waits.map(({delayMs}) => delayMs)).toEqual([300, 10_000, 10_000])
    await message.finish('done, with a log')
    expect(seen.at(-1)).toBe('edit 7 done, with a log')
  })

  test('what is over at once is told once', async () => {
    const {message, seen, start} = world()
    start(message)
    await message.finish('done')
    expect(seen).toEqual(['create done'])
  })

  test('a failure that may pass is tried again the next time', async () => {
    const {message, seen, start, tick} = world([new VezaError('unreachable', 'x')])
    start(message)
    await tick()
    await tick()
    await message.finish('done')
    expect(seen).toEqual(['create text 1', 'create text 2', 'edit 7 done'])
  })

  test('one that stays ends the updates, and the end says why', async () => {
    const forbidden = new VezaError('forbidden', 'no')
    const {message, seen, start, tick} = world([forbidden, forbidden])
    start(message)
    await tick()
    await tick()
    await expect(message.finish('done')).rejects.toBe(forbidden)
    expect(seen).toEqual(['create text 1', 'create done'])
  })
})
