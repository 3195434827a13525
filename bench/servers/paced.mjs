// A busy room with history: node paced.mjs COUNT RATE guide|reference. From the first join on it has RATE messages a second,
// whoever reads them. Whoever falls 64 MiB behind is sent away with 1013, as by `veza sandbox`, and can read on in history.
import {WebSocketServer} from 'ws'
import {answer, serve} from './serve.mjs'

const TICK_MS = 5
const BACKLOG_MAX_BYTES = 64 * 1024 * 1024
const CLOSE_TRY_AGAIN_LATER = 1013

const [COUNT, RATE] = process.argv.slice(2).map(Number)
const isReference = process.argv[4] === 'reference'
const CONTENT =
  'The quick brown fox jumps over the lazy dog while 100 characters of chat go by, and then some more..'
const COMMON = {
  author_id: 2,
  username: 'bob',
  content: CONTENT,
  created_at: '2026-11-22T12:00:00Z',
  room_id: 1,
}

const rest = JSON.stringify({...COMMON, room_name: 'general'}).slice(1)
const frame = id =>
  Buffer.from(`{"type":"room_message","data":{"${isReference ? 'message_id' : 'id'}":${id},${rest}}`)

let lastId = 0

/** One page as section 4 of the contract has it; only the reference's server knows `after_id`. */
function page(url) {
  const query = new URL(url, 'http://server').searchParams
  const number = (name, fallback) => (query.has(name) ? Number(query.get(name)) : fallback)
  const limit = number('limit', 50)
  const isForward = isReference && query.has('after_id')
  const below = Math.min(lastId + 1, number('before_id', Number.POSITIVE_INFINITY))
  const first = isForward ? number('after_id', 0) + 1 : Math.max(1, below - limit)
  const end = isForward ? Math.min(below, first + limit) : below
  const ascending = Array.from({length: Math.max(0, end - first)}, (_, nth) => ({id: first + nth, ...COMMON}))
  const rows = isForward ? ascending : ascending.reverse()
  const hasMore = isForward ? end <= lastId : first > 1
  return isReference ? {messages: rows, has_more: hasMore, total_count: lastId} : rows
}

const server = serve((request, response) =>
  answer(response, 200, {success: true, data: request.url.includes('/messages') ? page(request.url) : []}),
)
const sockets = new WebSocketServer({server, path: '/ws', perMessageDeflate: false})
const joined = new Set()

function deliver(id) {
  const bytes = frame(id)
  for (const socket of joined) {
    if (socket.bufferedAmount > BACKLOG_MAX_BYTES) {
      joined.delete(socket)
      socket.close(CLOSE_TRY_AGAIN_LATER, 'too slow')
    } else {
      socket.send(bytes, {binary: false})
    }
  }
}

let begun = false

function begin() {
  if (begun) return
  begun = true
  const startMs = performance.now()
  const timer = setInterval(() => {
    const due = Math.min(COUNT, Math.floor(((performance.now() - startMs) / 1000) * RATE))
    while (lastId < due) {
      lastId += 1
      deliver(lastId)
    }
    if (lastId === COUNT) clearInterval(timer)
  }, TICK_MS)
}

sockets.on('connection', socket => {
  socket.on('error', () => {})
  socket.on('close', () => joined.delete(socket))
  socket.on('message', data => {
    if (JSON.parse(data.toString()).type === 'join_room') joined.add(socket)
  })
  // The ping behind the first join: whoever begins to read now misses nothing.
  socket.once('ping', begin)
})
