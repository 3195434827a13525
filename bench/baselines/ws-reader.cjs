// The least that follows a room: node ws-reader.cjs URL TOKEN COUNT each|batched. Prints each message as it comes, or
// what came in one turn of the event loop in one write, which is what a reader tuned for a flood would do.
const {WebSocket} = require('ws')

const [url, token, count, writing] = process.argv.slice(2)
const socket = new WebSocket(url, {perMessageDeflate: false})
let left = Number(count)
let pending = ''

function handOver() {
  const text = pending
  pending = ''
  if (text !== '') process.stdout.write(text)
}

function printBatched(line) {
  if (pending === '') setImmediate(handOver)
  pending += line
}

const print = writing === 'batched' ? printBatched : line => process.stdout.write(line)

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
