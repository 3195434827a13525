// The full figure of the rate budget: 20 commands at once against the limit of the contract for two and a half minutes.
// `npm test` runs a short form of the same test, and 20 processes against a faster limit.
import {join} from 'node:path'
import {ensureBuilt, run} from '../../scripts/lib/ensure-built.mjs'

ensureBuilt()
const vitest = join('node_modules', 'vitest', 'vitest.mjs')
const test = 'test/integration/rate-budget/sandbox.test.ts'
run(process.execPath, [vitest, 'run', test, '--disable-console-intercept'], {
  env: {...process.env, VEZA_SOAK: '1'},
})
