// The full figure of the rate budget: 20 commands at once against the limit of the contract for two and a half minutes.
// `npm test` runs a short form of the same test, and 20 processes against a faster limit.
import {launchTests} from './lib/launch.mjs'

launchTests('test/integration/rate-budget/sandbox.test.ts')
