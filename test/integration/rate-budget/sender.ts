import {openPrinter} from '../../../src/lib/cli/open-printer.js'
import {openRateBudget} from '../../../src/lib/cli/rate-budget.js'
import {processEnvironment} from '../../../src/lib/config/environment.js'
import {createHttpClient} from '../../../src/lib/http/client.js'
import {createIo} from '../../../src/lib/output/io.js'

/** A process that sends as veza does: the pipeline and the budget, without the start of a command. */
const [url = '', stateDir = '', limit = '', count = ''] = process.argv.slice(2)

async function main(): Promise<void> {
  const environment = processEnvironment()
  const {stdin, stdout, stderr} = process
  const claims = Buffer.from('{"sub":"2"}').toString('base64url')
  const tokens = {headers: async () => ({authorization: `Bearer h.${claims}.s`}), renew: async () => false}
  const budget = openRateBudget({
    settings: {server: url, rateLimit: Number(limit)},
    environment,
    stateDir,
    tokens,
    out: openPrinter({io: createIo({stdin, stdout, stderr}), environment}, {quiet: true}),
    now: Date.now,
  })
  const http = createHttpClient({
    restBase: `${url}/api/v1`,
    tokens,
    budget,
    maxWaitMs: 600_000,
    userAgent: 'sender',
    agentFor: () => undefined,
  })
  const send = () => http.request({method: 'POST', path: '/rooms/1/messages', body: {content: 'x'}})
  // With the first message everything is loaded: then all processes go on at the same moment.
  await send()
  await http.request({method: 'GET', path: '/gate', timeoutMs: 60_000})
  for (let sent = 1; sent < Number(count); sent++) await send()
  await budget.close()
  stdout.write('done\n')
}

void main()
