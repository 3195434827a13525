// `npm test`: from a bare clone, installs, builds, runs every test. Arguments go to vitest.
import {join} from 'node:path'
import {ensureBuilt, run} from './lib/ensure-built.mjs'

ensureBuilt()
run(process.execPath, [join('node_modules', 'vitest', 'vitest.mjs'), 'run', ...process.argv.slice(2)])
