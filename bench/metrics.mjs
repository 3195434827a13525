// The flood of bench/tail.mjs, followed with metrics and without: what it costs to be watched.
import {get} from 'node:http'
import {createServer} from 'node:net'
import {setTimeout as sleep} from 'node:timers/promises'
import {contenderRows, inTurn, ratioRow} from './lib/contest.mjs'
import {script, VEZA} from './lib/workplace.mjs'

const MESSAGES = 100_000
/** Some seconds of flood: the first scrape of a process, which loads the Prometheus client, costs as much as those of an hour. */
const MANY_MESSAGES = 500_000
/** Until the port answers. */
const LOOK_EVERY_MS = 25
/** Prometheus asks each 15 s, or less often. */
const SCRAPE_EVERY_MS = 1000
const AT_MOST = 1.03

export async function metrics(workplace, {quick}) {
  const short = await inTurn(await shortContenders(workplace), quick ? 3 : 21)
  const long = await inTurn(await longContenders(workplace), quick ? 1 : 11)
  const contest = {runs: {...short.runs, ...long.runs}, peaks: {...short.peaks, ...long.peaks}}
  const target = {of: 'CPU', atMost: AT_MOST}
  return {
    title: `Tail of ${MESSAGES} and of ${MANY_MESSAGES} messages of 100 characters, with metrics`,
    contenders: contenderRows(contest),
    ratios: [
      ratioRow(contest, 'with --metrics-listen', 'veza tail', target),
      ratioRow(contest, 'long, scraped each second', 'veza tail, long', target),
    ],
    checks: [],
    runs: contest.runs,
  }
}

async function shortContenders(workplace) {
  const server = await floodOf(workplace, MESSAGES)
  return {
    'veza tail': follower(workplace, {server, count: MESSAGES}),
    'with --metrics-listen': follower(workplace, {server, count: MESSAGES, port: await freePort()}),
  }
}

async function longContenders(workplace) {
  const server = await floodOf(workplace, MANY_MESSAGES)
  const port = await freePort()
  const watched = follower(workplace, {server, count: MANY_MESSAGES, port})
  return {
    'veza tail, long': follower(workplace, {server, count: MANY_MESSAGES}),
    'long, scraped each second': scraped(watched, port),
  }
}

const floodOf = (workplace, count) => workplace.serve(script('servers/flood.mjs', String(count), 'guide'))

function follower(workplace, {server, count, port}) {
  const listen = port === undefined ? [] : ['--metrics-listen', String(port)]
  const command = [...VEZA, 'messages', 'tail', '1', '--json', '--count', String(count), ...listen]
  const env = workplace.env('given', {VEZA_SERVER: server, VEZA_TOKEN: 'a.b.c'})
  return {command, options: {env, pipe: true}, after: stdout => assertCount(stdout, count)}
}

/** The same with a scraper that gets all metrics as soon as it can, and each second. */
function scraped(contender, port) {
  let scraping
  return {
    ...contender,
    before() {
      scraping = new AbortController()
      scraping.done = scrape(port, scraping.signal)
    },
    async after(stdout) {
      scraping.abort()
      if ((await scraping.done) < 2) throw new Error('a run was not scraped again')
      contender.after(stdout)
    },
  }
}

/** Until it is aborted; gives how often all metrics came. */
async function scrape(port, signal) {
  let count = 0
  while (!signal.aborted) {
    if (await tryScrape(port)) count += 1
    const delayMs = count === 0 ? LOOK_EVERY_MS : SCRAPE_EVERY_MS
    await sleep(delayMs, undefined, {signal}).catch(() => undefined)
  }
  return count
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

function assertCount(stdout, count) {
  let lines = 0
  for (let at = stdout.indexOf(10); at !== -1; at = stdout.indexOf(10, at + 1)) lines += 1
  if (lines !== count) throw new Error(`${lines} lines came of ${count}`)
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
