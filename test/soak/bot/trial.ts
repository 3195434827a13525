import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import type {Channel} from '../../../src/lib/realtime/channel.js'
import {startRedis} from '../../support/redis.js'
import {openLink} from '../batch/link.js'
import {Dice} from '../tail/dice.js'
import {Rest} from '../tail/rest.js'
import {type Dialect, openWorld, type World} from '../tail/world.js'
import {BotLives} from './bot-lives.js'
import {faultsOf, pathOf, rowsIn} from './judge.js'
import {Watch} from './watch.js'

/** One trial. */
export interface Trial {
  readonly seed: number
  readonly dialect: Dialect
  readonly commands: number
  /** How often all connections are cut. */
  readonly drops: number
  readonly kills: number
  /** How often one stands still until another has taken over what it had. */
  readonly freezes: number
  /** So many bots; more than one share their work over a Redis. */
  readonly bots: number
}

/** What came of it. `faults`: what should not have been; empty where each command has its one answer. */
export interface Verdict extends Trial {
  readonly answered: number
  /** Calls that a fault has struck. */
  readonly strikes: number
  readonly seconds: number
  readonly faults: readonly string[]
}

const BOT_ID = 4
/** So much is on its way to the bot at most: else it would read all from history. */
const AHEAD = 100
/** What a bot sends for one answer, about. */
const ANSWER_BYTES = 900
/** One call in so many is struck, by each of these. */
const PER_STRIKE = 400
/** Longer than a lease. */
const FREEZE_MS = 9_000
const STRIKES = ['reset_before', 'reset_after', 'error_after', 'truncate'] as const

const COMMANDS = `commands:
  echo: {reply: "{{1}}"}
  program: {run: [echo, "{{1}}"]}
`

/** A channel, and who asks there. */
interface Asker {
  readonly channel: Channel
  readonly token: string
}

/** Sends commands while connections are cut and calls are struck, kills the bot again and again, and counts the answers. */
export async function tryBot(trial: Trial): Promise<Verdict> {
  const {seed, dialect, commands, kills, freezes} = trial
  await using world = await openWorld(dialect, seed)
  await using link = await openLink(world.url)
  const rest = new Rest(world.url)
  const dice = new Dice(seed)
  const askers = await askersOf(world, rest)
  const commandFile = join(world.folder, 'bot.yml')
  writeFileSync(commandFile, COMMANDS)
  const most = Math.ceil((1.4 * commands * ANSWER_BYTES) / (kills + freezes))
  await using redis = trial.bots > 1 ? await startRedis() : undefined
  const watch = new Watch()
  let isArmed = false
  const killed = (): number => lives.reduce((sum, life) => sum + life.kills, 0)
  let frozen = 0
  const arm = (): void => {
    if (isArmed && killed() + frozen < kills + freezes)
      link.afterBytes(dice.between(1, most), () => void strike())
  }
  // Who was killed is born again, which arms the next one; who does not run at this moment is not struck.
  const strike = async (): Promise<void> => {
    const life = lives[dice.between(1, lives.length) - 1]
    const isFreeze = frozen < freezes && (killed() >= kills || dice.between(1, kills + freezes) <= freezes)
    if (!isFreeze && life?.kill() === true) return
    if (isFreeze && (await life?.freeze(FREEZE_MS)) === true) frozen += 1
    arm()
  }
  const options = {url: link.url, home: world.folder, commandFile, redisUrl: redis?.url, watch, onBirth: arm}
  const lives: BotLives[] = Array.from({length: trial.bots}, () => new BotLives(options))
  const startedMs = performance.now()
  try {
    // They are to be ready before they are in danger: what was asked before their first start is nobody's.
    await Promise.all(lives.map(life => life.live()))
    isArmed = true
    arm()
    armCalls(world)
    const dropped = await ask(world, rest, watch, {askers, trial, dice})
    const strikes =
      Object.values(world.sandbox.faults.counts()).reduce((sum, count) => sum + count, 0) - dropped
    isArmed = false
    link.afterBytes(Number.POSITIVE_INFINITY, () => undefined)
    world.sandbox.faults.clear()
    await answerLast(rest, watch, askers)
    await Promise.all(lives.map(life => life.end()))
    const seconds = (performance.now() - startedMs) / 1000
    const {answered, faults} = await judge(rest, askers)
    return {...trial, drops: dropped, kills: killed(), freezes: frozen, answered, strikes, seconds, faults}
  } finally {
    await Promise.all(lives.map(life => life.end()))
    rest.close()
  }
}

async function askersOf({rooms}: World, rest: Rest): Promise<readonly Asker[]> {
  const tokens = [await rest.signIn('alice'), await rest.signIn('bob')] as const
  const askers: Asker[] = []
  for (const [at, token] of tokens.entries()) {
    askers.push({channel: {kind: 'room', id: rooms.followed[at]!}, token})
    const talk = (await rest.call('POST', '/conversations', token, {user_id: BOT_ID})) as Record<
      string,
      unknown
    >
    askers.push({channel: {kind: 'dm', id: Number(talk.conversation_id ?? talk.id)}, token})
  }
  return askers
}

/** Each in a channel of its own, one after the other; resolves to the number of drops. */
async function ask(
  {sandbox: {faults}}: World,
  rest: Rest,
  watch: Watch,
  {askers, trial, dice}: {readonly askers: readonly Asker[]; readonly trial: Trial; readonly dice: Dice},
): Promise<number> {
  const {commands, drops} = trial
  let asked = 0
  let stored = 0
  let dropped = 0
  const one = async ({channel, token}: Asker): Promise<void> => {
    while (stored < commands) {
      asked += 1
      const number = asked
      if (Math.floor((number * drops) / commands) > dropped) {
        dropped += 1
        faults.arm({kind: 'drop'})
      }
      const content = textOf(channel, number, dice)
      // One that a fault has struck may be there or not: the server's list counts in the end.
      await rest.call('POST', pathOf(channel), token, {content}).then(
        () => {
          stored += 1
        },
        () => undefined,
      )
      await watch.until(() => stored - watch.told.size < AHEAD)
    }
  }
  await Promise.all(askers.map(one))
  return dropped
}

function textOf({kind}: Channel, number: number, dice: Dice): string {
  const lot = dice.between(1, 100)
  if (lot <= 2) return `!bot program ${number}`
  if (lot <= 50) return `!bot echo ${number}`
  if (lot <= 60) return '!bot ping'
  if (lot <= 65) return '!bot what'
  return kind === 'dm' ? `hello ${number}` : `!bot echo ${number}`
}

/** Answers of a channel come in order: when the last one is there, all are. And after another start none comes again. */
async function answerLast(rest: Rest, watch: Watch, askers: readonly Asker[]): Promise<void> {
  for (const {channel, token} of askers) {
    const {id, message_id} = (await rest.call('POST', pathOf(channel), token, {
      content: '!bot ping',
    })) as Record<string, unknown>
    await watch.until(() => watch.told.has(Number(id ?? message_id)))
  }
}

async function judge(
  rest: Rest,
  askers: readonly Asker[],
): Promise<{readonly answered: number; readonly faults: readonly string[]}> {
  let answered = 0
  const faults: string[] = []
  for (const {channel, token} of askers) {
    const rows = await rowsIn(rest, token, channel)
    const verdict = faultsOf(
      rows,
      BOT_ID,
      ({content}) => channel.kind === 'dm' || content.startsWith('!bot '),
    )
    answered += verdict.answered
    faults.push(...verdict.faults.map(fault => `${channel.kind} ${channel.id}: ${fault}`))
  }
  return {answered, faults}
}

function armCalls({sandbox: {faults}}: World): void {
  for (const kind of STRIKES) faults.arm({kind, method: 'POST', ratio: 1 / PER_STRIKE})
}
