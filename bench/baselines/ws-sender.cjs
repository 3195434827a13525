// The least that sends the lines of a file and waits for each acknowledgement: node ws-sender.cjs URL TOKEN FILE WINDOW
const {createReadStream} = require('node:fs')
const {createInterface} = require('node:readline')
const {WebSocket} = require('ws')

const [url, token, file, window] = process.argv.slice(2)
const socket = new WebSocket(url, {perMessageDeflate: false})
const most = Number(window)
const open = new Set()
let roomFor
let ended

socket.on('message', text => {
  const frame = JSON.parse(text.toString())
  if (frame.type !== 'message_sent') return
  open.delete(frame.data.metadata.client_id)
  if (open.size < most) roomFor?.()
  if (open.size === 0) ended?.()
})

socket.on('open', async () => {
  socket.send(JSON.stringify({type: 'authenticate', data: {token}}))
  let index = 0
  for await (const content of createInterface({input: createReadStream(file)})) {
    index += 1
    const client_id = `bare-${index}`
    open.add(client_id)
    socket.send(JSON.stringify({type: 'send_message', data: {room_id: 1, content, metadata: {client_id}}}))
    if (open.size >= most)
      await new Promise(resolve => {
        roomFor = resolve
      })
  }
  if (open.size > 0)
    await new Promise(resolve => {
      ended = resolve
    })
  socket.close(1000)
})
