// A room that takes messages and acknowledges each, as the reference's server, and does nothing else: node acks.mjs
import {WebSocketServer} from 'ws'
import {answer, serve} from './serve.mjs'

const SENT = 'message_sent'
let lastId = 0

const data = (content, metadata) => {
  lastId += 1
  return {
    message_id: lastId,
    author_id: 2,
    username: 'alice',
    content,
    metadata,
    parent_id: null,
    room_id: 1,
    room_name: 'general',
    created_at: '2026-11-22T12:00:00Z',
  }
}

const server = serve((request, response) => {
  if (request.url === '/count') return answer(response, 200, {count: lastId})
  const chunks = []
  request.on('data', chunk => chunks.push(chunk))
  request.on('end', () => {
    const {content, metadata} = JSON.parse(Buffer.concat(chunks).toString() || '{}')
    if (request.method === 'POST') answer(response, 201, {success: true, data: data(content, metadata)})
    else if (request.url.endsWith('/users/me'))
      answer(response, 200, {success: true, data: {id: 2, username: 'alice'}})
    else answer(response, 200, {success: true, data: {messages: [], has_more: false}})
  })
})
const sockets = new WebSocketServer({server, path: '/ws', perMessageDeflate: false})

sockets.on('connection', (socket, request) => {
  const transport = request.socket
  let corked = false
  socket.on('error', () => {})
  socket.on('message', text => {
    const frame = JSON.parse(text.toString())
    // What comes in one turn of the event loop is answered in one write.
    if (!corked) {
      corked = true
      transport.cork()
      setImmediate(() => {
        corked = false
        transport.uncork()
      })
    }
    if (frame.type === 'authenticate') socket.send(JSON.stringify({type: 'auth_success', data: {user_id: 2}}))
    if (frame.type !== 'send_message') return
    const {content, metadata} = frame.data
    socket.send(JSON.stringify({type: SENT, data: data(content, metadata)}))
  })
})
