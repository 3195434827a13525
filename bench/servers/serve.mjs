// The frame of every server here: listens on a free port of this machine, says where, ends on SIGTERM.
import {createServer} from 'node:http'

/** Answers with JSON and a known length. */
export function answer(response, status, body) {
  const text = JSON.stringify(body)
  response.writeHead(status, {'content-type': 'application/json', 'content-length': Buffer.byteLength(text)})
  response.end(text)
}

/** @returns the HTTP server, which is about to listen */
export function serve(onRequest) {
  const server = createServer(onRequest)
  server.listen(0, '127.0.0.1', () =>
    process.stderr.write(`ready: http://127.0.0.1:${server.address().port}\n`),
  )
  process.on('SIGTERM', () => process.exit(0))
  return server
}
