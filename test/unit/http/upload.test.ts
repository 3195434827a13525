import {once} from 'node:events'
import {createReadStream} from 'node:fs'
import {type AddressInfo, createServer} from 'node:net'
import {Readable} from 'node:stream'
import {promisify} from 'node:util'
import {describe, expect, test} from 'vitest'
import {createHttpClient} from '../../../src/lib/http/client.js'
import type {HttpClientOptions, UploadFile} from '../../../src/lib/http/types.js'
import {enveloped, failure, type Handler, httpStub} from '../../support/http-stub.js'

const nextTurn = promisify(setImmediate)
const effects = {now: () => 0, random: () => 0, sleep: async () => {}}
const done = enveloped({file_id: 1})

function upload(restBase: string, file: Partial<UploadFile>, options: Partial<HttpClientOptions> = {}) {
  const http = createHttpClient({
    restBase,
    agentFor: () => undefined,
    userAgent: 'veza/1',
    effects,
    ...options,
  })
  const multipart = {
    fields: {room_id: '15', description: 'é "x"'},
    file: {name: 'a.txt', open: () => Readable.from([Buffer.from('hello')]), ...file},
  }
  return http.request({method: 'POST', path: '/files/upload', multipart})
}

/** `mebibytes` of zeroes, made as they are read. */
function zeroes(mebibytes: number): Readable {
  const chunk = Buffer.alloc(1024 * 1024)
  return Readable.from(
    (function* () {
      for (let i = 0; i < mebibytes; i++) yield chunk
    })(),
    {highWaterMark: 1},
  )
}

describe('the body', () => {
  test('has the fields, then the file, with its length where the size is known', async () => {
    await using stub = await httpStub(done)
    const sent: number[] = []
    await upload(stub.restBase, {
      size: 5,
      contentType: 'text/plain',
      onProgress: bytes => void sent.push(bytes),
    })
    const [seen] = stub.seen
    const boundary = /^multipart\/form-data; ?boundary="?([^"]+)"?$/.exec(
      seen?.headers['content-type'] ?? '',
    )?.[1]
    expect(seen?.text.split('\r\n')).toEqual([
      `--${boundary}`,
      'Content-Disposition: form-data; name="room_id"',
      '',
      '15',
      `--${boundary}`,
      'Content-Disposition: form-data; name="description"',
      '',
      'é "x"',
      `--${boundary}`,
      'Content-Disposition: form-data; name="file"; filename="a.txt"',
      'Content-Type: text/plain',
      '',
      'hello',
      `--${boundary}--`,
      '',
    ])
    expect(seen?.headers['content-length']).toBe(String(Buffer.byteLength(seen?.text ?? '')))
    expect(sent).toEqual([5])
  })

  test('is chunked where the size is not known, and for an empty file', async () => {
    await using stub = await httpStub(done)
    await upload(stub.restBase, {})
    await upload(stub.restBase, {size: 0, open: () => Readable.from([])})
    for (const seen of stub.seen) expect(seen.headers['transfer-encoding']).toBe('chunked')
    expect(stub.seen[0]?.text).toContain('\r\nhello\r\n')
  })

  test('keeps a hostile file name in its place', async () => {
    await using stub = await httpStub(done)
    await upload(stub.restBase, {name: 'a"\r\nX-Evil: 1\r\n\r\n.txt'})
    expect(stub.seen[0]?.text).not.toMatch(/^X-Evil/m)
  })

  test('moves at the pace of the server, not into memory', async () => {
    let taken = 0
    const mebibytes = 64
    await using stub = await httpStub({
      raw: (request, response) => {
        // Nothing is read until the source had every chance to run ahead.
        setImmediate(() => setImmediate(() => request.resume()))
        request.on('end', () => response.end('{}'))
      },
    })
    let ahead = 0
    const source = (): Readable =>
      zeroes(mebibytes).on('data', () => {
        taken++
        ahead = Math.max(ahead, taken - progress)
      })
    let progress = 0
    await upload(stub.restBase, {
      size: mebibytes * 1024 * 1024,
      open: source,
      onProgress: bytes => {
        progress = bytes / 1024 / 1024
      },
    })
    expect(taken).toBe(mebibytes)
    expect(ahead).toBeLessThan(4)
  })
})

describe('an answer before the end of the upload', () => {
  /** Reads 64 KB, answers and closes with the rest unread. */
  const tooLarge: Handler = {
    raw: (request, response) => {
      let read = 0
      request.on('data', chunk => {
        read += chunk.length
        if (read < 64 * 1024 || response.headersSent) return
        request.pause()
        response.writeHead(413, {'content-type': 'application/json', connection: 'close'})
        const error = {code: 'FILE_TOO_LARGE', message: 'at most 1 MiB'}
        response.end(JSON.stringify({success: false, error}), () => request.socket.destroy())
      })
    },
  }

  test.each([200, undefined])('is reported, not the broken connection (%s MiB declared)', async size => {
    await using stub = await httpStub(tooLarge)
    for (let i = 0; i < 10; i++) {
      const file = {open: () => zeroes(200), ...(size === undefined ? {} : {size: size * 1024 * 1024})}
      await expect(upload(stub.restBase, file)).rejects.toMatchObject({
        code: 'file_too_large',
        status: 413,
        message: 'at most 1 MiB (HTTP 413)',
      })
    }
    expect(stub.count()).toBe(10)
  })

  test('is reported even where our write fails before the answer is read', async () => {
    const source = new Readable({read() {}})
    source.push(Buffer.alloc(1024))
    const server = createServer(socket => {
      socket.on('error', () => {})
      socket.once('data', () => {
        // All in one turn: when the client looks at its connection again, answer and reset are both there.
        socket.write('HTTP/1.1 413 Too Large\r\ncontent-length: 2\r\n\r\n{}')
        socket.destroy()
        for (let i = 0; i < 64; i++) source.push(Buffer.alloc(64 * 1024))
      })
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const {port} = server.address() as AddressInfo
    await expect(upload(`http://127.0.0.1:${port}`, {open: () => source})).rejects.toMatchObject({
      status: 413,
    })
    server.close()
    await once(server, 'close')
  })

  test('ends the connection, also of a server that keeps it open', async () => {
    let closed: Promise<unknown> | undefined
    await using stub = await httpStub({
      raw: (request, response) => {
        closed = new Promise(resolve => request.socket.once('close', resolve))
        response.writeHead(413).end('{}')
      },
    })
    await expect(upload(stub.restBase, {open: () => zeroes(50)})).rejects.toMatchObject({status: 413})
    await closed
  })

  test('closes the file', async () => {
    await using stub = await httpStub(tooLarge)
    const source = zeroes(200)
    await expect(upload(stub.restBase, {open: () => source})).rejects.toMatchObject({code: 'file_too_large'})
    expect(source.destroyed).toBe(true)
  })

  test('a connection that breaks without an answer is unreachable, and no second try is made', async () => {
    await using stub = await httpStub({
      raw: request => void request.once('data', () => request.socket.destroy()),
    })
    await expect(upload(stub.restBase, {open: () => zeroes(50)})).rejects.toMatchObject({code: 'unreachable'})
    expect(stub.count()).toBe(1)
  })
})

describe('the file', () => {
  test('that is not there', async () => {
    await using stub = await httpStub(done)
    const open = () => createReadStream('/nowhere/a.txt')
    await expect(upload(stub.restBase, {open})).rejects.toMatchObject({
      code: 'file_unreadable',
      message: expect.stringContaining('cannot read a.txt: ENOENT'),
    })
  })

  test('that fails before the connection is made', async () => {
    await using stub = await httpStub(done)
    const source = createReadStream('/nowhere/a.txt')
    const agentFor = async () => {
      if (!source.closed) await once(source, 'close')
      for (let turns = 0; turns < 5; turns++) await nextTurn()
      return undefined
    }
    await expect(upload(stub.restBase, {open: () => source}, {agentFor})).rejects.toMatchObject({
      code: 'file_unreadable',
    })
  })

  test('that cannot be opened', async () => {
    await using stub = await httpStub(done)
    const open = () => {
      throw new Error('no')
    }
    await expect(upload(stub.restBase, {open})).rejects.toMatchObject({message: 'cannot read a.txt: no'})
    expect(stub.count()).toBe(0)
  })

  test.each([4, 6])('that has 5 bytes where %i are declared', async size => {
    await using stub = await httpStub({raw: request => void request.resume()})
    await expect(upload(stub.restBase, {size})).rejects.toMatchObject({
      code: 'file_unreadable',
      message: expect.stringContaining('changed while'),
    })
  })
})

describe('repeats', () => {
  const tokens = {headers: async () => ({authorization: 'Bearer x'}), renew: async () => true}
  const expired = failure(401, 'INVALID_TOKEN', 'expired')

  test('after a 401, from the beginning', async () => {
    await using stub = await httpStub(expired, done)
    expect((await upload(stub.restBase, {size: 5}, {tokens})).data).toEqual({file_id: 1})
    expect(stub.seen.every(seen => seen.text.includes('hello'))).toBe(true)
  })

  test('never of what can be read once only', async () => {
    await using stub = await httpStub(expired)
    await expect(upload(stub.restBase, {once: true}, {tokens})).rejects.toMatchObject({code: 'signed_out'})
    await using busy = await httpStub({status: 429})
    await expect(upload(busy.restBase, {once: true})).rejects.toMatchObject({code: 'rate_limited'})
    expect([stub.count(), busy.count()]).toEqual([1, 1])
  })
})

describe('a stall', () => {
  test('of the server ends an upload', async () => {
    await using stub = await httpStub({raw: () => {}})
    const stalled = upload(stub.restBase, {open: () => zeroes(50)}, {stallTimeoutMs: 60})
    await expect(stalled).rejects.toMatchObject({
      code: 'unreachable',
      message: 'the upload stalled, no byte moved for 0.06 s',
    })
  })

  test('is none while bytes move, however long it takes', async () => {
    await using stub = await httpStub(done)
    const {setTimeout: pause} = await import('node:timers/promises')
    const slow = async function* () {
      for (let i = 0; i < 12; i++) {
        await pause(25)
        yield Buffer.from('x')
      }
    }
    const answer = await upload(
      stub.restBase,
      {open: () => Readable.from(slow())},
      {stallTimeoutMs: 200, timeoutMs: 1},
    )
    expect(answer.status).toBe(200)
  })

  test('is none while the source, not the connection, keeps us waiting', async () => {
    await using stub = await httpStub(done)
    const {setTimeout: pause} = await import('node:timers/promises')
    const silent = async function* () {
      yield Buffer.from('first')
      await pause(90)
      yield Buffer.from('last')
    }
    const answer = await upload(stub.restBase, {open: () => Readable.from(silent())}, {stallTimeoutMs: 20})
    expect(answer.status).toBe(200)
  })
})
