import type {IncomingMessage} from 'node:http'

/**
 * The raw bytes of a body, or why there are none: it is too long, or its sender went away. Never rejects. What comes after
 * the limit is dropped as it comes, so that its sender gets to see the answer.
 */
export function readBody(
  request: IncomingMessage,
  limitBytes: number,
): Promise<Buffer | 'too_large' | 'broken'> {
  return new Promise(resolve => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= limitBytes) {
        chunks.push(chunk)
        return
      }
      chunks.length = 0
      resolve('too_large')
    })
    request.on('end', () => resolve(Buffer.concat(chunks)))
    request.on('error', () => resolve('broken'))
    request.on('close', () => resolve('broken'))
  })
}
