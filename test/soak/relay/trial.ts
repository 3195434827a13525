import {setTimeout as sleep} from 'node:timers/promises'
import {Dice} from '../tail/dice.js'
import {storedIn} from '../tail/oracle.js'
import {Rest} from '../tail/rest.js'
import {type Outgoing, socketSender} from '../tail/sender.js'
import type {Dialect} from '../tail/world.js'
import {Group} from './group.js'
import {faultsOf, judge, type Truth} from './judge.js'
import {type StreamView, type TimedEntry, viewStream} from './stream.js'
import {openRelayWorld, type RelayWorld} from './world.js'

/** One trial. */
export interface Trial {
  readonly seed: number
  readonly dialect: Dialect
  readonly members: number
  readonly rooms: number
  readonly messages: number
  /** Messages a second. */
  readonly rate: number
  /** A member is killed or frozen each time so long has passed, while messages are sent. */
  readonly everyMs: number
}

/** What came of it. `faults`: what should not have been; empty where all was kept. */
export interface Result extends Trial {
  readonly stored: number
  readonly entries: number
  readonly late: number
  readonly kills: number
  readonly freezes: number
  readonly takeovers: number
  readonly longestTakeoverMs: number
  /** From the making of a message to its entry. */
  readonly longestWaitMs: number
  readonly seconds: number
  readonly faults: readonly string[]
}

const KEY = 'messages'
const TAKEN_OVER_WITHIN_MS = 10_000
const LONGEST_BURST = 40
const LONGEST_CONTENT = 120
/** The stream grows for so long no more: nothing will come. */
const PATIENCE_MS = 30_000
const LOOK_EVERY_MS = 50

/** Sends messages while relays are killed and frozen, and compares the stream with what the server has. */
export async function tryRelay(trial: Trial): Promise<Result> {
  await using world = await openRelayWorld(trial.dialect, trial.rooms)
  await using view = await viewStream(world.redis.url, KEY)
  const {url} = world.sandbox
  const group = new Group({url, redisUrl: world.redis.url, key: KEY, home: world.folder}, view)
  const startedMs = performance.now()
  try {
    await group.start(trial.members)
    const isWhole = (): boolean =>
      group.takeovers.shares.size === trial.members && heldRooms(group) === trial.rooms
    if (!(await until(isWhole))) throw new Error(`not all rooms have a member: ${group.said}`)
    await strikeWhileSending(world, group, trial)
    const sent = world.sandbox.figures().messages
    const isSettled = await settle(view, group, sent)
    const uneven = await unevenShares(group, trial)
    await group.end()
    const entries = await view.entries()
    const faults = [...(isSettled ? [] : ['the stream did not grow any more']), ...uneven, ...group.faults]
    const verdict = faultsOf(judge(await truthOf(world), entries))
    const times = timesOf(group)
    return {
      ...trial,
      ...times,
      stored: sent,
      entries: entries.length,
      late: entries.filter(({isLate}) => isLate).length,
      kills: group.kills,
      freezes: group.freezes,
      longestWaitMs: longestWait(entries),
      seconds: (performance.now() - startedMs) / 1000,
      faults: [...faults, ...verdict, ...tooLate(group)],
    }
  } finally {
    await group.end()
  }
}

/** Bursts of random length to random rooms, no faster than the rate; a strike whenever its time has come. */
async function strikeWhileSending({sandbox, rooms}: RelayWorld, group: Group, trial: Trial): Promise<void> {
  const {seed, messages, rate, everyMs} = trial
  const dice = new Dice(seed)
  const [words, fate] = [dice.split(), dice.split()]
  const sender = socketSender(sandbox.url, 'bob')
  const strikes = setInterval(() => group.strike(fate), everyMs)
  const startedMs = performance.now()
  try {
    for (let sent = 0; sent < messages && group.faults.length === 0; ) {
      const due = Math.floor(((performance.now() - startedMs) / 1000) * rate) - sent
      const size = Math.min(words.between(1, LONGEST_BURST), messages - sent)
      if (due < size) await sleep(((size - due) / rate) * 1000)
      await sender.send(burst(words, rooms, sent, size), () => false)
      sent += size
    }
  } finally {
    clearInterval(strikes)
    sender.close()
  }
}

function burst(dice: Dice, rooms: readonly number[], sent: number, size: number): Outgoing[] {
  return Array.from({length: size}, (_, nth) => ({
    roomId: dice.of(rooms),
    content: `${sent + nth + 1} ${'x'.repeat(dice.between(0, LONGEST_CONTENT))}"\\\n☂`,
  }))
}

/** Resolves to true when the stream has so many entries and each room has its member, to false when nothing comes any more. */
async function settle(view: StreamView, group: Group, wanted: number): Promise<boolean> {
  group.thaw()
  let length = await view.length()
  let grewAtMs = performance.now()
  while (length < wanted || group.takeovers.open.length > 0) {
    await sleep(LOOK_EVERY_MS)
    const now = await view.length()
    if (now !== length) grewAtMs = performance.now()
    else if (performance.now() - grewAtMs > PATIENCE_MS) return false
    length = now
  }
  return true
}

/** With all members there, each soon has as many rooms as the others, or one more. */
async function unevenShares({takeovers}: Group, {members, rooms}: Trial): Promise<readonly string[]> {
  const most = Math.ceil(rooms / members)
  const isEven = (): boolean =>
    takeovers.shares.size === members &&
    [...takeovers.shares.values()].every(share => share <= most && share >= Math.floor(rooms / members))
  if (await until(isEven)) return []
  return [`rooms are spread unevenly: ${[...takeovers.shares.values()].join(', ')}`]
}

async function until(holds: () => boolean): Promise<boolean> {
  const startedMs = performance.now()
  while (!holds()) {
    if (performance.now() - startedMs > PATIENCE_MS) return false
    await sleep(LOOK_EVERY_MS)
  }
  return true
}

const heldRooms = ({takeovers}: Group): number =>
  [...takeovers.shares.values()].reduce((sum, share) => sum + share, 0)

async function truthOf({sandbox, rooms}: RelayWorld): Promise<ReadonlyMap<number, Truth>> {
  const rest = new Rest(sandbox.url)
  try {
    const token = await rest.signIn('alice')
    const truth = new Map<number, Truth>()
    for (const roomId of rooms)
      for (const {id, content} of await storedIn(rest, token, roomId)) truth.set(id, {roomId, content})
    return truth
  } finally {
    rest.close()
  }
}

function timesOf({takeovers}: Group): Pick<Result, 'takeovers' | 'longestTakeoverMs'> {
  const others = takeovers.done.filter(({isSame}) => !isSame)
  const nowMs = performance.now()
  const longest = [
    ...others.map(({tookMs}) => tookMs),
    ...takeovers.open.map(({sinceMs}) => nowMs - sinceMs),
  ].reduce((most, ms) => Math.max(most, ms), 0)
  return {takeovers: others.length, longestTakeoverMs: longest}
}

/** Which rooms waited too long, and all that was done meanwhile. */
function tooLate({takeovers, chronicle}: Group): readonly string[] {
  const nowMs = performance.now()
  const waits = [
    ...takeovers.done.filter(({isSame}) => !isSame),
    ...takeovers.open.map(wait => ({...wait, kind: 'open', tookMs: nowMs - wait.sinceMs})),
  ].filter(({tookMs}) => tookMs > TAKEN_OVER_WITHIN_MS)
  if (waits.length === 0) return []
  const told = waits.map(({roomId, kind, sinceMs, tookMs}) => {
    const from = `${(sinceMs / 1000).toFixed(1)} s`
    return `room ${roomId}, ${kind} at ${from}: waited ${(tookMs / 1000).toFixed(1)} s for another member`
  })
  return [...told, ...chronicle]
}

const longestWait = (entries: readonly TimedEntry[]): number =>
  entries.reduce((most, {atMs, createdMs}) => Math.max(most, atMs - createdMs), 0)
