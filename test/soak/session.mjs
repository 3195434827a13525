// The full figures of the session: 20 rounds of 50 processes with one expired token, for a file and for a real
// keychain, and 200 kills in the middle of a renewal. `npm test` runs a short form of the same tests.
import {join} from 'node:path'
import {ensureBuilt, run} from '../../scripts/lib/ensure-built.mjs'

ensureBuilt()
const vitest = join('node_modules', 'vitest', 'vitest.mjs')
const tests = ['parallel', 'kills'].map(name => `test/integration/session/${name}.test.ts`)
const env = {...process.env, VEZA_SOAK: '1'}
run(process.execPath, [vitest, 'run', ...tests, '--no-file-parallelism', '--disable-console-intercept'], {
  env,
})
