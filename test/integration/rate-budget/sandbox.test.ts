import {describe, expect, it} from 'vitest'
import {signIn} from '../../support/chat.js'
import {openSandbox} from '../../support/sandbox.js'
import {type Home, makeHome} from '../../support/veza.js'

/** The long form takes three minutes: `npm run soak:rate`. */
const SOAK = process.env.VEZA_SOAK === '1'
const PROCESSES = SOAK ? 20 : 4
const DURATION_MS = SOAK ? 150_000 : 4000
const BURST = 5
const SECOND_MS = 1000

interface Figures {
  taken: number
  refused: number
  failed: string[]
  firstMs: number
  lastMs: number
}

/** Sends with one command after the other until time is up. */
async function keepSending(home: Home, untilMs: number, figures: Figures): Promise<void> {
  while (performance.now() < untilMs) {
    const {code, stderr} = await home.run(['messages', 'send', '1', 'hi', '--verbose', '--quiet'])
    const nowMs = performance.now()
    figures.firstMs = Math.min(figures.firstMs, nowMs)
    figures.lastMs = nowMs
    figures.taken += stderr.match(/messages: 201 in/g)?.length ?? 0
    figures.refused += stderr.match(/messages: 429 in/g)?.length ?? 0
    if (code !== 0) figures.failed.push(stderr)
  }
}

describe('the limit of the contract, 60 a minute', () => {
  it('is used up by many commands at once, and never passed', async () => {
    const sandbox = await openSandbox({limits: true})
    const home = makeHome({VEZA_SERVER: sandbox.url, VEZA_TOKEN: await signIn(sandbox.url, 'alice')})
    const figures: Figures = {taken: 0, refused: 0, failed: [], firstMs: Number.POSITIVE_INFINITY, lastMs: 0}
    const untilMs = performance.now() + DURATION_MS
    await Promise.all(Array.from({length: PROCESSES}, () => keepSending(home, untilMs, figures)))
    const {taken, refused, failed, firstMs, lastMs} = figures
    const usage = taken / (BURST + (lastMs - firstMs) / SECOND_MS)
    if (SOAK) {
      const seconds = Math.round((lastMs - firstMs) / SECOND_MS)
      console.info(
        `${PROCESSES} at once: ${taken} messages in ${seconds} s, ${refused} refused, usage ${usage}`,
      )
    }
    expect({refused, failed}).toEqual({refused: 0, failed: []})
    expect(usage).toBeGreaterThan(SOAK ? 0.95 : 0.7)
  }, 300_000)
})
