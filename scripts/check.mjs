// `npm run check`: everything that can be said of the sources without running the product.
import {join} from 'node:path'
import {ensureBuilt, run} from './lib/ensure-built.mjs'

const module = (...path) => join('node_modules', ...path)

ensureBuilt()
run(process.execPath, [module('@biomejs', 'biome', 'bin', 'biome'), 'check', '--error-on-warnings', '.'])
run(process.execPath, [module('typescript', 'bin', 'tsc')])
run(process.execPath, [module('typescript', 'bin', 'tsc'), '--project', 'src/page'])
run(process.execPath, ['scripts/check-imports.mjs'])
run(process.execPath, ['scripts/docs.mjs', '--check'])
run(process.execPath, ['scripts/lint-man.mjs'])
