import {mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import type {Server} from './server.js'
import {Service} from './service.js'

/** What can be left out. */
export const PARTS = ['tail', 'bot', 'relay'] as const
export type Part = (typeof PARTS)[number]

/** The services under test; a part that is left out is empty. */
export interface Services {
  readonly tail?: Service
  readonly bot?: Service
  readonly relays: readonly Service[]
  readonly all: readonly Service[]
  /** Records that the tail wrote. */
  tailRecords(): readonly Readonly<Record<string, unknown>>[]
}

/** The stream of the relays. */
export const STREAM = 'messages'

/** Short, so that an hour has in it what takes days with the defaults. */
const PACE = {
  VEZA_PING_INTERVAL: '2s',
  VEZA_READ_TIMEOUT: '6s',
  VEZA_CONNECT_TIMEOUT: '3s',
  VEZA_RETRY_DELAY: '50ms',
  VEZA_MAX_RETRY_DELAY: '1s',
  VEZA_RETRIES: '100',
  VEZA_RATE_LIMIT: '0',
}

const COMMANDS = `commands:
  echo: {reply: "{{1}}"}
`

/** Starts the parts that are wanted; resolves when all are ready. */
export async function startServices(
  {url, channels}: Server,
  folder: string,
  redisUrl: string,
  parts: readonly Part[],
): Promise<Services> {
  const envOf = (home: string, user: string): NodeJS.ProcessEnv => {
    const own = join(folder, home)
    mkdirSync(own, {recursive: true})
    const account = {VEZA_SERVER: url, VEZA_USERNAME: user, VEZA_PASSWORD: `${user}-pass`}
    return {HOME: own, TMPDIR: own, VEZA_REDIS_URL: redisUrl, ...account, ...PACE}
  }
  const written = join(folder, 'tail.ndjson')
  const rooms = channels.filter(({kind}) => kind === 'room').map(({id}) => String(id))
  const startTail = (): Service => {
    const cursor = ['--cursor', join(folder, 'tail.cursor')]
    const args = ['messages', 'tail', ...rooms, '--json', '--events', ...cursor]
    return new Service({name: 'tail', args, env: envOf('tail', 'alice'), output: written})
  }
  const startBot = (): Service => {
    const file = join(folder, 'bot.yml')
    writeFileSync(file, COMMANDS)
    const args = ['bot', 'run', '--json', '--commands', file, '--dm-cap', '1000000/1s']
    return new Service({name: 'bot', args, env: envOf('bot', 'bot')})
  }
  const startRelay = (name: string): Service =>
    new Service({name, args: ['relay', 'rooms', '--stream', STREAM], env: envOf(name, 'alice')})
  const tail = parts.includes('tail') ? {tail: startTail()} : {}
  const bot = parts.includes('bot') ? {bot: startBot()} : {}
  const relays = parts.includes('relay') ? ['relay 1', 'relay 2'].map(startRelay) : []
  const all = [...Object.values(tail), ...Object.values(bot), ...relays]
  await Promise.all(all.map(service => service.ready()))
  return {...tail, ...bot, relays, all, tailRecords: () => recordsIn(written)}
}

function recordsIn(path: string): readonly Readonly<Record<string, unknown>>[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line))
}
