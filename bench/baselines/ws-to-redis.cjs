// The least that puts rooms into a stream: node ws-to-redis.cjs URL TOKEN REDIS_PORT KEY ROOMS. What comes in one turn of the event loop
// goes to Redis in one write, by its protocol and without a library; answers are not read. What is lost on either side, or when this
// ends, is lost. It reads no more while Redis is behind.
const {connect} = require('node:net')
const {WebSocket} = require('ws')

const [url, token, redisPort, key, rooms] = process.argv.slice(2)
const redis = connect(Number(redisPort), '127.0.0.1')
const socket = new WebSocket(url, {perMessageDeflate: false})
let pending = ''

function handOver() {
  const text = pending
  pending = ''
  if (redis.write(text)) return
  socket.pause()
  redis.once('drain', () => socket.resume())
}

function add(message) {
  const words = ['XADD', key, '*']
  for (const [name, value] of Object.entries(message))
    words.push(name, typeof value === 'string' ? value : JSON.stringify(value))
  if (pending === '') setImmediate(handOver)
  pending += `*${words.length}\r\n`
  for (const word of words) pending += `$${Buffer.byteLength(word)}\r\n${word}\r\n`
}

redis.resume()
socket.on('open', () => {
  socket.send(JSON.stringify({type: 'authenticate', data: {token}}))
  for (let room = 1; room <= Number(rooms); room += 1)
    socket.send(JSON.stringify({type: 'join_room', data: {room_id: room}}))
  socket.ping()
})
socket.once('pong', () => process.stderr.write('ready: following\n'))
socket.on('message', data => {
  const frame = JSON.parse(data.toString())
  if (frame.type === 'room_message') add(frame.data)
})
process.on('SIGTERM', () => process.exit(0))
