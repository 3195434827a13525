// From the moment before a message is sent to the moment when its line is here, in a room where nothing else happens:
// `veza messages tail --json` beside a bare ws reader, for messages sent by WebSocket and by REST.
import {once} from 'node:events'
import {Agent, request} from 'node:http'
import {setTimeout as sleep} from 'node:timers/promises'
import {WebSocket} from 'ws'
import {Follower} from './lib/follower.mjs'
import {quantile} from './lib/stats.mjs'
import {script, VEZA} from './lib/workplace.mjs'

const LIMIT_MS = 5
const ROUNDS = 5
const WARM_UP = 50
/** Longer than a message takes: the room is idle when the next one is sent. */
const PAUSE_MS = 8
const READER_LIMIT = 1_000_000

export async function latency(workplace, {quick}) {
  const server = await workplace.serve([...VEZA, 'sandbox', '--port', '0'])
  const token = await signIn(server, 'alice')
  const senders = {WebSocket: await bySocket(server, token), REST: byRest(server, token)}
  const each = (quick ? 100 : 1_000) / ROUNDS
  const samples = {}
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, start] of Object.entries(readers(workplace, server, token))) {
      for (const [way, send] of Object.entries(senders)) {
        const key = `${name}, sent by ${way}`
        samples[key] = [...(samples[key] ?? []), ...(await timed(start(), send, each))]
      }
    }
  }
  for (const send of Object.values(senders)) send.close()
  return {
    title: `From sending to the line on stdout, ${each * ROUNDS} messages each way`,
    contenders: [],
    ratios: [],
    latencies: Object.entries(samples).map(([name, values]) => ({name, values})),
    checks: Object.entries(samples)
      .filter(([name]) => name.startsWith('veza'))
      .map(([name, values]) => check(name, quantile(values, 0.99))),
    runs: samples,
  }
}

function check(name, p99) {
  return {
    name: `${name}: p99`,
    value: `${p99.toFixed(2)} ms`,
    target: `< ${LIMIT_MS} ms`,
    met: p99 < LIMIT_MS,
  }
}

function readers(workplace, server, token) {
  const env = workplace.env('reader', {VEZA_SERVER: server, VEZA_TOKEN: token})
  const url = `${server.replace('http', 'ws')}/ws`
  return {
    'ws reader': () =>
      new Follower(script('baselines/ws-reader.cjs', url, token, String(READER_LIMIT), 'plain'), env),
    'veza tail': () => new Follower([...VEZA, 'messages', 'tail', '1', '--json'], env),
  }
}

/** Sends one message after the other and waits for the line of each. */
async function timed(reader, send, count) {
  const lines = reader.lines()
  const roundTrip = async content => {
    const sentMs = performance.now()
    send(content)
    await lineOf(lines, content)
    return performance.now() - sentMs
  }
  try {
    await live(lines, send)
    const samples = []
    for (let nth = 0; nth < WARM_UP + count; nth += 1) {
      const ms = await roundTrip(`message ${nth}`)
      if (nth >= WARM_UP) samples.push(ms)
      await sleep(PAUSE_MS)
    }
    return samples
  } finally {
    await reader.stop()
  }
}

/** Until its first line comes a reader is not in the room. */
async function live(lines, send) {
  const timer = setInterval(() => send('are you there?'), 50)
  await lineOf(lines, 'are you there?')
  clearInterval(timer)
  send('begin')
  await lineOf(lines, 'begin')
}

async function lineOf(lines, content) {
  for (;;) {
    const {value, done} = await lines.next()
    if (done) throw new Error('the reader has ended')
    if (JSON.parse(value).content === content) return
  }
}

async function bySocket(server, token) {
  const socket = new WebSocket(`${server.replace('http', 'ws')}/ws`, {perMessageDeflate: false})
  await once(socket, 'open')
  socket.send(JSON.stringify({type: 'authenticate', data: {token}}))
  const send = content => socket.send(JSON.stringify({type: 'send_message', data: {room_id: 1, content}}))
  return Object.assign(send, {close: () => socket.terminate()})
}

function byRest(server, token) {
  const agent = new Agent({keepAlive: true})
  const headers = {authorization: `Bearer ${token}`, 'content-type': 'application/json'}
  const url = `${server}/api/v1/rooms/1/messages`
  const send = content => {
    request(url, {method: 'POST', headers, agent}, answer => answer.resume()).end(JSON.stringify({content}))
  }
  return Object.assign(send, {close: () => agent.destroy()})
}

async function signIn(server, username) {
  const response = await fetch(`${server}/api/v1/auth/login`, {
    method: 'POST',
    headers: {'content-type': 'application/json'},
    body: JSON.stringify({username, password: `${username}-pass`}),
  })
  return (await response.json()).data.access_token
}
