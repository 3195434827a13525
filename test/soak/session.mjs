// The full figures of the session: 20 rounds of 50 processes with one expired token, for a file and for a real
// keychain, and 200 kills in the middle of a renewal. `npm test` runs a short form of the same tests.
import {launchTests} from './lib/launch.mjs'

launchTests('test/integration/session/parallel.test.ts', 'test/integration/session/kills.test.ts')
