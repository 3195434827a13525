// The least that follows a room: node ws-reader.cjs URL TOKEN COUNT plain|tuned. Plain prints each message as it comes.
// Tuned is what a reader made for a flood would do: one write for what came in one turn of the event loop, and no reading
// while its own reader is behind.
const {WebSocket} = require('ws')

const [url, token, count, kind] = process.argv.slice(2)
const socket = new WebSocket(url, {perMessageDeflate: false})
let left = Number(count)
let pending = ''

function handOver() {
  const text = pending
  pending = ''
  if (process.stdout.write(text)) return
  socket.pause()
  process.stdout.once('drain', () => socket.resume())
}

function printBatched(line) {
  if (pending === '') setImmediate(handOver)
  pending += line
}

const print = kind === 'tuned' ? printBatched : line => process.stdout.write(line)

socket.on('open', () => {
  socket.send(JSON.stringify({type: 'authenticate', data: {token}}))
  socket.send(JSON.stringify({type: 'join_room', data: {room_id: 1}}))
  socket.ping()
})
socket.on('message', data => {
  const frame = JSON.parse(data.toString())
  if (frame.type !== 'room_message') return
  print(`${JSON.stringify(frame.data)}\n`)
  left -= 1
  if (left === 0) socket.close(1000)
})
