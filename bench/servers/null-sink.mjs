// Reads an upload and drops it: what is left of the time is the client's.
import {answer, serve} from './serve.mjs'

let lastId = 0

serve((request, response) => {
  let size = 0
  request.on('data', chunk => {
    size += chunk.length
  })
  request.on('end', () => {
    lastId += 1
    answer(response, 201, {
      success: true,
      data: {file_id: lastId, filename: 'dropped', url: '/dropped', size},
    })
  })
})
