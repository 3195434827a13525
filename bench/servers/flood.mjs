// A room that floods whoever joins it, as fast as they read: node flood.mjs COUNT guide|reference.
// Acknowledges nothing, as the guide's server; the dialects differ in what they call a message's id.
import {WebSocketServer} from 'ws'
import {answer, serve} from './serve.mjs'

const BATCH = 500
const COUNT = Number(process.argv[2])
const ID = process.argv[3] === 'reference' ? 'message_id' : 'id'
const CONTENT =
  'The quick brown fox jumps over the lazy dog while 100 characters of chat go by, and then some more..'

const rest = JSON.stringify({
  author_id: 2,
  username: 'bob',
  content: CONTENT,
  created_at: '2026-11-22T12:00:00Z',
  room_id: 1,
  room_name: 'general',
}).slice(1)

const frame = id => Buffer.from(`{"type":"room_message","data":{"${ID}":${id},${rest}}`)

/** The next batch goes out when the system has taken the one before. */
function flood(socket, nextId = 1) {
  const end = Math.min(nextId + BATCH, COUNT + 1)
  const onTaken = error => {
    if (!error && end <= COUNT) flood(socket, end)
  }
  for (let id = nextId; id < end; id += 1) {
    socket.send(frame(id), {binary: false}, id === end - 1 ? onTaken : undefined)
  }
}

const server = serve((_request, response) => answer(response, 200, {success: true, data: []}))
const sockets = new WebSocketServer({server, path: '/ws', perMessageDeflate: false})

sockets.on('connection', socket => {
  let joined = false
  socket.on('error', () => {})
  socket.on('message', data => {
    joined ||= JSON.parse(data.toString()).type === 'join_room'
  })
  // The ping behind the join: the pong to it has been written when this is called.
  socket.on('ping', () => joined && flood(socket))
})
