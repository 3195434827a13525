import {expect, test} from 'vitest'
import {runRestart, runSilence} from '../soak/tail/outages.js'

/** `npm run soak -- --only restart` and `--only silent` have the defaults of the settings, and a minute for each. */
const SHORT_FORM = {rate: 500, beforeMs: 50, seed: 1}
const WHOLE = {lost: [], twice: [], wrong: []}

test('a server that is restarted under load is found again, and nothing is missing', async () => {
  const env = {VEZA_RETRY_DELAY: '20ms', VEZA_MAX_RETRY_DELAY: '100ms'}
  const {verdict, stored, stderr} = await runRestart({...SHORT_FORM, env, outageMs: 50})
  expect(verdict).toEqual(WHOLE)
  expect(stored).toBeGreaterThan(0)
  expect(stderr).toMatch(/^disconnected: [^\n]+\n(.*\n)*?reconnected after /m)
})

test('a link that goes silent without closing is given up, said so, and replaced', async () => {
  const env = {VEZA_PING_INTERVAL: '50ms', VEZA_READ_TIMEOUT: '200ms', VEZA_RETRY_DELAY: '20ms'}
  const {verdict, stored, stderr} = await runSilence({...SHORT_FORM, env})
  expect(verdict).toEqual(WHOLE)
  expect(stored).toBeGreaterThan(0)
  expect(stderr).toMatch(/^disconnected: no sign of life for \d(\.\d)? s\n(.*\n)*?reconnected after /m)
})
