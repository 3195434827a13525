// Rooms into a Redis stream, as fast as it goes: beside the least that adds each message to the stream.
import {setTimeout as sleep} from 'node:timers/promises'
import {startRedis} from './lib/redis.mjs'
import {cpuMsOf, peakKiBOf, startService} from './lib/service.mjs'
import {summary} from './lib/stats.mjs'
import {script, VEZA} from './lib/workplace.mjs'

const ROOMS = [1, 10, 100, 1000]
const MESSAGES = 100_000
const FEW_MESSAGES = 20_000
const TOKEN = 'a.b.c'
const PER_SECOND = 15_000
const LOOK_EVERY_MS = 5
const LIMIT_MS = 120_000

export async function relay(workplace, {quick}) {
  const redis = await startRedis()
  try {
    const count = quick ? FEW_MESSAGES : MESSAGES
    const rates = []
    for (const rooms of ROOMS) rates.push(...(await contest(workplace, redis, {rooms, count}, quick ? 1 : 5)))
    return {
      title: `${count} messages of 100 characters from rooms into a stream`,
      contenders: [],
      ratios: [],
      rates: rates.map(({runs, ...row}) => ({...row, runs: runs.length})),
      checks: checksOf(rates),
      runs: Object.fromEntries(rates.map(({name, rooms, runs}) => [`${name}, ${rooms} rooms`, runs])),
    }
  } finally {
    await redis.stop()
  }
}

/** Both in turn, each with a server of its own, after a first run that is not counted. */
async function contest(workplace, redis, {rooms, count}, rounds) {
  const contenders = []
  try {
    for (const start of [plain, ours])
      contenders.push({...(await start(workplace, redis, rooms, count)), runs: []})
    for (let round = 0; round <= rounds; round += 1)
      for (const contender of contenders) {
        const run = await flood(redis, contender, rooms, count)
        if (round > 0) contender.runs.push(run)
      }
    return contenders.map(({name, service, runs}) => {
      const of = field => summary(runs.map(run => run[field]))
      const {readyMs, readyCpuMs, pid} = service
      const figures = {perSecond: of('perSecond'), cpuUs: of('cpuUs'), redisUs: of('redisUs')}
      return {name, rooms, ...figures, readyMs, readyCpuMs, peakKiB: peakKiBOf(pid), runs}
    })
  } finally {
    for (const {service} of contenders) await service.stop()
  }
}

async function plain(workplace, redis, rooms, count) {
  const server = await workplace.serve(script('servers/rooms-flood.mjs', `${rooms}`, `${count}`, 'guide'))
  const url = `${server.replace('http', 'ws')}/ws`
  const key = `plain-${rooms}`
  const command = script('baselines/ws-to-redis.cjs', url, TOKEN, redis.port, key, `${rooms}`)
  return {name: 'ws reader, XADD', server, key, service: await startService(command, workplace.env('bare'))}
}

async function ours(workplace, redis, rooms, count) {
  const server = await workplace.serve(script('servers/rooms-flood.mjs', `${rooms}`, `${count}`, 'guide'))
  const key = `veza-${rooms}`
  const settings = {VEZA_SERVER: server, VEZA_TOKEN: TOKEN, VEZA_REDIS_URL: redis.url}
  const command = [...VEZA, 'relay', 'rooms', '--stream', key]
  const env = workplace.env('given', settings)
  return {name: 'veza relay rooms', server, key, service: await startService(command, env)}
}

/** One flood: from its first message on the server to its last entry, by Redis's clock, which is that of the server. */
async function flood(redis, {name, server, key, service}, rooms, count) {
  const cpuMs = cpuMsOf(service.pid)
  const redisMs = cpuMsOf(redis.pid)
  const atMs = await begin(server)
  const endMs = performance.now() + LIMIT_MS
  while ((await redis.length(key)) < count) {
    if (performance.now() > endMs)
      throw new Error(`${name}: ${await redis.length(key)} entries came of ${count}`)
    await sleep(LOOK_EVERY_MS)
  }
  const spent = {
    cpuUs: ((cpuMsOf(service.pid) - cpuMs) * 1000) / count,
    redisUs: ((cpuMsOf(redis.pid) - redisMs) * 1000) / count,
  }
  const entries = await redis.entries(key)
  assertAll(entries, rooms, count)
  await redis.remove(key)
  const wallMs = Number(entries.at(-1).id.split('-')[0]) - atMs
  return {wallMs, perSecond: count / (wallMs / 1000), ...spent}
}

/** Resolves to when it began; before, all rooms must have been joined. */
async function begin(server) {
  for (let tries = 0; tries < 1_000; tries += 1) {
    const {begun, atMs} = await (await fetch(`${server}/begin`, {method: 'POST'})).json()
    if (begun) return atMs
    await sleep(LOOK_EVERY_MS)
  }
  throw new Error('not all rooms were joined')
}

/** Each message once, each room in order. */
function assertAll(entries, rooms, count) {
  const last = new Map()
  for (const {message} of entries) {
    const [id, before] = [Number(message.id), last.get(message.room_id)]
    if (before !== undefined && id !== before + rooms)
      throw new Error(`room ${message.room_id}: ${id} came after ${before}`)
    if (message.content.length !== 100) throw new Error(`message ${id} says ${message.content}`)
    last.set(message.room_id, id)
  }
  if (entries.length !== count || last.size !== rooms)
    throw new Error(`${entries.length} entries of ${last.size} rooms came of ${count} of ${rooms}`)
}

function checksOf(rates) {
  const ours = rates.filter(({name}) => name.startsWith('veza'))
  const [hundred, thousand] = [100, 1000].map(count => ours.find(({rooms}) => rooms === count))
  const growth = thousand.readyCpuMs / hundred.readyCpuMs
  return [
    ...ours.map(({rooms, perSecond}) => ({
      name: `messages a second, rooms: ${rooms}`,
      value: perSecond.median.toFixed(0),
      target: `> ${PER_SECOND}`,
      met: perSecond.median > PER_SECOND,
    })),
    {
      name: 'CPU to be ready, 1,000 rooms over 100',
      value: growth.toFixed(2),
      target: '≤ 10',
      met: growth <= 10,
    },
    {
      name: 'CPU a message, 1,000 rooms over 1',
      value: (thousand.cpuUs.median / ours[0].cpuUs.median).toFixed(2),
    },
  ]
}
