// Many rooms that are flooded at once, as fast as their reader takes it: node rooms-flood.mjs ROOMS COUNT guide|reference
// Messages go to the rooms in turn, ids ascend over all of them. It begins when all rooms were joined and POST /begin has come;
// every begin starts a new flood of COUNT messages with ids above all before, to the connection that joined last.
// What was sent is in the history, of which any page is made when it is asked for.
import {WebSocketServer} from 'ws'
import {answer, serve} from './serve.mjs'

const BATCH = 500
const [ROOMS, COUNT] = process.argv.slice(2).map(Number)
const IS_REFERENCE = process.argv[4] === 'reference'
const ID = IS_REFERENCE ? 'message_id' : 'id'
const CONTENT =
  'The quick brown fox jumps over the lazy dog while 100 characters of chat go by, and then some more..'
const COMMON = {author_id: 2, username: 'bob', content: CONTENT, created_at: '2026-11-22T12:00:00Z'}
const common = JSON.stringify(COMMON).slice(1, -1)

let lastId = 0
let begunMs = 0
let reader
const joined = new Set()

const roomOf = id => ((id - 1) % ROOMS) + 1
const frame = id =>
  Buffer.from(
    `{"type":"room_message","data":{"${ID}":${id},${common},"room_id":${roomOf(id)},"room_name":"room"}}`,
  )

/** The next batch goes out when the system has taken the one before. */
function flood(socket, until) {
  const end = Math.min(lastId + BATCH, until)
  const onTaken = error => {
    if (!error && lastId < until) flood(socket, until)
  }
  while (lastId < end) {
    lastId += 1
    socket.send(frame(lastId), {binary: false}, lastId === end ? onTaken : undefined)
  }
}

function rooms(query) {
  const [offset, limit] = [Number(query.get('offset') ?? 0), Number(query.get('limit') ?? 50)]
  const rows = Array.from({length: Math.max(0, Math.min(limit, ROOMS - offset))}, (_, nth) => ({
    id: offset + nth + 1,
    name: `room-${offset + nth + 1}`,
    is_public: true,
  }))
  return IS_REFERENCE ? {rooms: rows, total: ROOMS, has_more: offset + rows.length < ROOMS} : rows
}

/** One page as section 4 of the contract has it; only the reference's server knows `after_id`. */
function history(room, query) {
  const number = (name, fallback) => (query.has(name) ? Number(query.get(name)) : fallback)
  const limit = number('limit', 50)
  const isForward = IS_REFERENCE && query.has('after_id')
  const newest = Math.min(lastId, number('before_id', Number.POSITIVE_INFINITY) - 1)
  const ids = []
  if (isForward) {
    const after = number('after_id', 0)
    for (let id = after + ((((room - after - 1) % ROOMS) + ROOMS) % ROOMS) + 1; id <= newest; id += ROOMS) {
      ids.push(id)
      if (ids.length === limit) break
    }
  } else {
    for (let id = newest - ((((newest - room) % ROOMS) + ROOMS) % ROOMS); id > 0; id -= ROOMS) {
      ids.push(id)
      if (ids.length === limit) break
    }
  }
  const rows = ids.map(id => ({id, ...COMMON, room_id: room}))
  return IS_REFERENCE ? {messages: rows, has_more: rows.length === limit, total_count: lastId} : rows
}

function begin() {
  if (reader === undefined || joined.size < ROOMS) return {begun: false}
  begunMs = Date.now()
  flood(reader, lastId + COUNT)
  return {begun: true, atMs: begunMs, firstId: lastId - (lastId % COUNT) + 1}
}

const server = serve((request, response) => {
  const {pathname, searchParams} = new URL(request.url, 'http://server')
  const path = pathname.replace('/api/v1', '')
  if (path === '/begin') return answer(response, 200, begin())
  const room = Number(/^\/rooms\/(\d+)/.exec(path)?.[1])
  const data = path.endsWith('/messages')
    ? history(room, searchParams)
    : path === '/rooms'
      ? rooms(searchParams)
      : path === '/users/me'
        ? {id: 3, username: 'alice'}
        : {id: room, name: `room-${room}`, is_public: true}
  answer(response, 200, {success: true, data})
})
const sockets = new WebSocketServer({server, path: '/ws', perMessageDeflate: false})

sockets.on('connection', socket => {
  reader = socket
  joined.clear()
  socket.on('error', () => {})
  socket.on('message', data => {
    const {type, data: about} = JSON.parse(data.toString())
    if (type === 'authenticate') socket.send(JSON.stringify({type: 'auth_success', data: {user_id: 3}}))
    if (type === 'join_room' && socket === reader) joined.add(about.room_id)
  })
})
