// `npm run schemas`: writes docs/schemas/. With --accept-breaking also where readers of today's output would break.
import {writeOutputSchemas} from './output-schemas.mjs'

const acceptBreaking = process.argv.includes('--accept-breaking')
const faults = writeOutputSchemas({acceptBreaking})
for (const fault of faults) console.error(`${acceptBreaking ? 'accepted' : 'breaking'}: ${fault}`)
if (faults.length > 0 && !acceptBreaking) {
  console.error(
    'scripts that read this output would break; if that is meant: npm run schemas -- --accept-breaking',
  )
  process.exit(1)
}
