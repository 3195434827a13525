import {once} from 'node:events'
import {mkdtemp, rm} from 'node:fs/promises'
import {createServer, type Server, type Socket} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, it, onTestFinished} from 'vitest'
import {assertBusAnswers} from '../../../../src/lib/auth/stores/session-bus.js'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veza-bus-'))
})

afterAll(async () => {
  await rm(folder, {recursive: true, force: true})
})

/** A socket that does with each connection what it is told. */
async function busAt(path: string, serve: (socket: Socket) => void): Promise<void> {
  const sockets = new Set<Socket>()
  const server: Server = createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => {})
    serve(socket)
  })
  server.listen(path)
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
}

const answering = (socket: Socket): void => {
  socket.once('data', () => socket.write('OK 1234deadbeef\r\n'))
}

const ask = (address: string | undefined, runtimeDir?: string, timeoutMs = 5000): Promise<void> =>
  assertBusAnswers({address, runtimeDir}, timeoutMs)

describe.skipIf(process.platform === 'win32')('a session bus that answers', () => {
  it.each([
    ['by its path', (path: string) => `unix:path=${path}`],
    ['with a guid', (path: string) => `unix:path=${path},guid=1234`],
    ['with the path last', (path: string) => `unix:guid=1234,path=${path}`],
    ['behind one of another kind', (path: string) => `tcp:host=localhost,port=1;unix:path=${path}`],
    ['percent-encoded', (path: string) => `unix:path=${path.replaceAll('-', '%2d')}`],
  ])('is found: %s', async (_, address) => {
    const path = join(folder, 'bus-1')
    await busAt(path, answering)
    await ask(address(path))
  })

  it('is greeted as this user', async () => {
    const path = join(folder, 'bus-2')
    const greetings: string[] = []
    await busAt(path, socket => {
      socket.once('data', chunk => {
        greetings.push(chunk.toString('latin1'))
        socket.write('REJECTED EXTERNAL\r\n')
      })
    })
    await ask(`unix:path=${path}`)
    const userId = Buffer.from(String(process.getuid?.())).toString('hex')
    expect(greetings).toEqual([`\0AUTH EXTERNAL ${userId}\r\n`])
  })

  it('is looked for in the runtime folder where there is no address', async () => {
    await busAt(join(folder, 'bus'), answering)
    await ask(undefined, folder)
  })

  it.skipIf(process.platform !== 'linux')('is found by an abstract address', async () => {
    const name = `veza-test-${process.pid}`
    await busAt(`\0${name}`, answering)
    await ask(`unix:abstract=${name},guid=1234`)
  })
})

describe.skipIf(process.platform === 'win32')('a session bus that does not', () => {
  it.each([
    ['no address and no runtime folder', undefined],
    ['an address that is none', 'nonsense'],
    ['one of a kind that is not for us', 'tcp:host=localhost,port=1234'],
  ])('is told as no session: %s', async (_, address) => {
    await expect(ask(address)).rejects.toThrow('there is no D-Bus session')
  })

  it('is told with the reason where its socket does not exist', async () => {
    await expect(ask('unix:path=/nonexistent/bus')).rejects.toThrow(/^D-Bus cannot be reached: .*ENOENT/)
    await expect(ask(undefined, '/nonexistent')).rejects.toThrow(/^D-Bus cannot be reached: .*ENOENT/)
  })

  it('is told as closed where it hangs up', async () => {
    const path = join(folder, 'bus-3')
    await busAt(path, socket => void socket.once('data', () => socket.end()))
    await expect(ask(`unix:path=${path}`)).rejects.toThrow('D-Bus closed the connection')
  })

  it('is given up where it accepts and says nothing, and its connection is closed', async () => {
    const path = join(folder, 'bus-4')
    const closed = new Promise<void>(resolve => {
      void busAt(path, socket => void socket.once('close', () => resolve()).resume()).then(() => {})
    })
    await expect(ask(`unix:path=${path}`, undefined, 50)).rejects.toThrow(
      'D-Bus does not answer within 0.05 s',
    )
    await closed
  })
})
