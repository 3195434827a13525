// A room of 100,000 messages into a folder, verified, exported again, and its page opened in a browser.
import {rmSync} from 'node:fs'
import {join} from 'node:path'
import {pathToFileURL} from 'node:url'
import puppeteer from 'puppeteer-core'
import {contenderRows, inTurn, memoryCheck} from './lib/contest.mjs'
import {median} from './lib/stats.mjs'
import {script, VEZA} from './lib/workplace.mjs'

const MESSAGES = 100_000
const PER_SECOND = 5_000
const LIMIT_MIB = 150
const OPEN_MS = 2_000
const CHROMIUM = '/usr/bin/chromium'
const NAMES = {guide: 'rooms export', reference: 'rooms export, reference'}

export async function exports(workplace, {quick}) {
  const folder = join(workplace.folder, 'copy')
  const contenders = {}
  for (const [dialect, name] of Object.entries(NAMES))
    contenders[name] = await fresh(workplace, dialect, folder)
  const last = contenders[NAMES.reference]
  contenders['rooms export again, nothing new'] = {...last, before: undefined}
  contenders['export verify'] = {command: [...VEZA, 'export', 'verify', folder], options: last.options}
  const contest = await inTurn(contenders, quick ? 1 : 5)
  const opened = await openPage(folder, quick ? 2 : 7)
  const speed = name => MESSAGES / (median(contest.runs[name].map(run => run.wallMs)) / 1000)
  return {
    title: `Export of ${MESSAGES} messages`,
    contenders: contenderRows(contest),
    ratios: [],
    checks: [
      ...Object.values(NAMES).flatMap(name => [
        {
          name: `${name}: messages a second, the start of the program and the page included`,
          value: speed(name).toFixed(0),
          target: `> ${PER_SECOND}`,
          met: speed(name) > PER_SECOND,
        },
        memoryCheck(`${name}: peak memory`, contest.peaks[name], LIMIT_MIB),
      ]),
      {
        name: 'the page in Chromium, until its last messages are shown',
        value: `${opened.toFixed(0)} ms`,
        target: `< ${OPEN_MS} ms`,
        met: opened < OPEN_MS,
      },
    ],
    runs: contest.runs,
  }
}

/** Each run into a folder that is not there yet. */
async function fresh(workplace, dialect, folder) {
  const server = await workplace.serve(script('servers/history.mjs', String(MESSAGES), dialect))
  const env = workplace.env('export', {VEZA_SERVER: server, VEZA_TOKEN: 'a.b.c'})
  return {
    command: [...VEZA, 'rooms', 'export', '1', '--output', folder, '--json'],
    options: {env},
    before: () => rmSync(folder, {recursive: true, force: true}),
    after: stdout => {
      const {messages} = JSON.parse(stdout)
      if (messages !== MESSAGES) throw new Error(`${messages} messages were exported of ${MESSAGES}`)
    },
  }
}

/** The median of some openings, each in a browser that has the file in no cache of its own. */
async function openPage(folder, rounds) {
  const browser = await puppeteer.launch({executablePath: CHROMIUM, headless: true, args: ['--no-sandbox']})
  const times = []
  try {
    for (let round = 0; round < rounds; round += 1) {
      const page = await browser.newPage()
      const from = performance.now()
      await page.goto(pathToFileURL(join(folder, 'index.html')).href)
      await page.waitForSelector('html[data-ready] article')
      times.push(performance.now() - from)
      await page.close()
    }
  } finally {
    await browser.close()
  }
  return median(times)
}
