// The flood of bench/tail.mjs, followed with metrics and without: what it costs to be watched.
import {get} from 'node:http'
import {createServer} from 'node:net'
import {setTimeout as sleep} from 'node:timers/promises'
import {contenderRows, inTurn, ratioRow} from './lib/contest.mjs'
import {script, VEZA} from './lib/workplace.mjs'

const MESSAGES = 100_000
/** The first scrape of a process costs most. Here every run of less than a second has one; Prometheus asks each 15 s or less often. */
const LOOK_EVERY_MS = 25
const AT_MOST = 1.03

export async function metrics(workplace, {quick}) {
  const server = await workplace.serve(script('servers/flood.mjs', String(MESSAGES), 'guide'))
  const [idle, watched] = [await freePort(), await freePort()]
  const contest = await inTurn(
    {
      'veza tail': follower(workplace, server),
      'with --metrics-listen': follower(workplace, server, idle),
      'with --metrics-listen, scraped': scraped(follower(workplace, server, watched), watched),
    },
    quick ? 3 : 21,
  )
  return {
    title: `Tail of ${MESSAGES} messages of 100 characters, with metrics`,
    contenders: contenderRows(contest),
    ratios: [
      ratioRow(contest, 'with --metrics-listen', 'veza tail', {of: 'CPU', atMost: AT_MOST}),
      ratioRow(contest, 'with --metrics-listen, scraped', 'veza tail'),
    ],
    checks: [],
    runs: contest.runs,
  }
}

function follower(workplace, server, port) {
  const listen = port === undefined ? [] : ['--metrics-listen', String(port)]
  const command = [...VEZA, 'messages', 'tail', '1', '--json', '--count', String(MESSAGES), ...listen]
  const env = workplace.env('given', {VEZA_SERVER: server, VEZA_TOKEN: 'a.b.c'})
  return {command, options: {env, pipe: true}, after: assertCount}
}

/** The same with a scraper that gets all metrics once, as soon as it can. */
function scraped(contender, port) {
  let scraping
  return {
    ...contender,
    before() {
      scraping = new AbortController()
      scraping.done = scrapeOnce(port, scraping.signal)
    },
    async after(stdout) {
      scraping.abort()
      if (!(await scraping.done)) throw new Error('a run was not scraped')
      contender.after(stdout)
    },
  }
}

async function scrapeOnce(port, signal) {
  while (!signal.aborted) {
    if (await tryScrape(port)) return true
    await sleep(LOOK_EVERY_MS)
  }
  return false
}

function tryScrape(port) {
  return new Promise(resolve => {
    const request = get({port, path: '/metrics', agent: false}, response => {
      response.resume()
      response.on('close', () => resolve(response.complete))
    })
    request.on('error', () => resolve(false))
  })
}

function assertCount(stdout) {
  const lines = stdout.toString('latin1').split('\n').length - 1
  if (lines !== MESSAGES) throw new Error(`${lines} lines came of ${MESSAGES}`)
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const {port} = server.address()
      server.close(() => resolve(port))
    })
  })
}
