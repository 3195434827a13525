import {chmodSync, closeSync, openSync, truncateSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from 'vitest'
import {httpStub} from '../support/http-stub.js'
import {expectErrorJson, expectErrorLines, expectFailure} from './kit/failure.js'
import {contentsOf, homeAt, newRoom, sharedSandbox} from './kit/sandbox.js'
import {LONG_TOKEN} from './kit/servers.js'
import {runUnprivileged} from './kit/unprivileged.js'

const sandbox = sharedSandbox()
const OVER = 100 * 1024 * 1024 + 1

describe('a room that does not exist', () => {
  it.each([
    ['messages send', ['messages', 'send', 'nowhere', 'hello there']],
    ['messages list', ['messages', 'list', '#nowhere']],
    ['messages tail', ['messages', 'tail', 'nowhere']],
    ['rooms get', ['rooms', 'get', 'nowhere']],
  ])('ends %s with 7 by its name', async (_command, args) => {
    const home = homeAt(sandbox.url)
    await expectFailure(home, args, {exit: 7, code: 'not_found', says: /nowhere/, hint: /rooms list/})
  })

  it.each([
    ['messages send', ['messages', 'send', '4711', 'hello there']],
    ['messages list', ['messages', 'list', '4711']],
    ['messages tail', ['messages', 'tail', '4711']],
    ['rooms get', ['rooms', 'get', '4711']],
  ])('ends %s with 7 by its id', async (_command, args) => {
    const home = homeAt(sandbox.url)
    await expectFailure(home, args, {exit: 7, code: 'not_found', says: /room/i, never: ['hello there']})
  })

  it('ends an upload with 7', async () => {
    const home = homeAt(sandbox.url)
    writeFileSync(join(home.folder, 'a.txt'), 'a')
    const args = ['files', 'upload', join(home.folder, 'a.txt'), '--room', '4711']
    await expectFailure(home, args, {exit: 7, code: 'not_found', says: /room/i})
  })

  it('ends a DM to nobody with 7', async () => {
    const home = homeAt(sandbox.url)
    await expectFailure(home, ['dm', 'send', 'nobody-here', 'hi'], {exit: 7, says: /nobody-here/})
    await expectFailure(home, ['dm', 'send', '4711', 'hi'], {exit: 7, says: /user/i})
  })
})

describe('an id that overflows', () => {
  it.each([
    ['rooms get', ['rooms', 'get', '99999999999999999999']],
    ['messages send', ['messages', 'send', '9007199254740993', 'x']],
    ['messages list', ['messages', 'list', '99999999999999999999']],
    ['messages tail', ['messages', 'tail', '99999999999999999999']],
    ['--reply-to', ['messages', 'send', 'general', 'x', '--reply-to', '99999999999999999999']],
    ['--before', ['messages', 'list', 'general', '--before', '99999999999999999999']],
    ['dm send', ['dm', 'send', '99999999999999999999', 'x']],
  ])('is refused with 2, before the server is asked: %s', async (_name, args) => {
    await using server = await httpStub({status: 500})
    const home = homeAt(server.origin)
    await expectFailure(home, args, {exit: 2, code: 'usage', says: /2\^53/, never: ['99999999999999999999']})
    expect(server.count()).toBe(0)
  })
})

describe('an empty message', () => {
  it.each([
    ['argument', ['general', ''], ''],
    ['--message', ['general', '-m', ''], ''],
    ['stdin', ['general'], ''],
    ['stdin that is one line break', ['general'], '\n'],
    ['--file - ', ['general', '-f', '-'], ''],
  ])('is refused with 2: %s', async (_name, args, stdin) => {
    await using server = await httpStub({status: 500})
    const home = homeAt(server.origin)
    const failure = {exit: 2, code: 'usage', says: /empty/, run: {stdin}}
    await expectFailure(home, ['messages', 'send', ...args], failure)
    expect(server.count()).toBe(0)
  })

  it('is refused with 2: --file', async () => {
    const home = homeAt(sandbox.url)
    const file = join(home.folder, 'empty.txt')
    writeFileSync(file, '')
    await expectFailure(home, ['messages', 'send', 'general', '-f', file], {exit: 2, says: /empty/})
    await expectFailure(home, ['dm', 'send', 'bob', '-f', file], {exit: 2, says: /empty/})
  })
})

describe('the length of a message', () => {
  it('is refused by the server with 3 above 2,000 characters, the limit named', async () => {
    const home = homeAt(sandbox.url)
    const text = 'y'.repeat(2001)
    const failure = {exit: 3, code: 'refused', says: /./, hint: /2,?000/, never: [text]}
    await expectFailure(home, ['messages', 'send', 'general', text], failure)
  })

  it('may be 2,000 characters, of which none is lost', async () => {
    const home = homeAt(sandbox.url)
    const room = await newRoom(home, 'two-thousand')
    const text = '😀é'.repeat(1000)
    const {code, stderr} = await home.run(['messages', 'send', room, text])
    expect({code, stderr}).toEqual({code: 0, stderr: ''})
    expect(await contentsOf(home, room)).toEqual([text])
  })
})

describe('a file that cannot be uploaded', () => {
  it.each([
    ['missing', 'missing.bin', /does not exist/],
    ['a folder', '.', /folder/],
    ['empty', 'empty.bin', /empty/],
  ])('is refused with 2 before anything is sent: %s', async (_name, name, says) => {
    await using server = await httpStub({status: 500})
    const home = homeAt(server.origin)
    writeFileSync(join(home.folder, 'empty.bin'), '')
    writeFileSync(join(home.folder, 'good.bin'), 'good')
    const files = [join(home.folder, 'good.bin'), join(home.folder, name)]
    await expectFailure(home, ['files', 'upload', ...files, '-r', 'general'], {exit: 2, says})
    expect(server.count()).toBe(0)
  })

  it('is refused with 2 before anything is sent: unreadable', async () => {
    await using server = await httpStub({status: 500})
    const home = homeAt(server.origin)
    const file = join(home.folder, 'secret.bin')
    writeFileSync(file, 'x')
    chmodSync(file, 0)
    const upload = ['files', 'upload', file, '-r', 'general']
    const failure = {exit: 2, code: 'file_unreadable', says: /may not be read/}
    expectErrorLines(await runUnprivileged(home, upload), failure)
    expectErrorJson(await runUnprivileged(home, [...upload, '--json']), failure)
    expectErrorLines(await runUnprivileged(home, ['messages', 'send', 'general', '-f', file]), failure)
    expect(server.count()).toBe(0)
  })

  it('is refused with 3 before anything is sent: over 100 MiB', async () => {
    await using server = await httpStub({status: 500})
    const home = homeAt(server.origin)
    const file = join(home.folder, 'large.bin')
    closeSync(openSync(file, 'w'))
    truncateSync(file, OVER)
    const failure = {exit: 3, code: 'file_too_large', says: /100\.0 MiB/, hint: /--max-size/}
    await expectFailure(home, ['files', 'upload', file, '-r', 'general'], failure)
    expect(server.count()).toBe(0)
  })

  it('is refused with 3 by the server where that takes less, and the answer is heard', async () => {
    await using server = await httpStub({
      raw: (_request, response) => {
        response.writeHead(413, {'content-type': 'application/json', connection: 'close'})
        response.end('{"success":false,"error":{"code":"VALIDATION_FAILED","message":"At most 1 MiB"}}')
      },
    })
    const home = homeAt(server.origin, 'alice', {VEZA_TOKEN: LONG_TOKEN})
    const file = join(home.folder, 'large.bin')
    closeSync(openSync(file, 'w'))
    truncateSync(file, 20 * 1024 * 1024)
    const failure = {exit: 3, code: 'file_too_large', says: /At most 1 MiB.*413/}
    await expectFailure(home, ['files', 'upload', file, '-r', '1'], failure)
  })

  it('needs a name with 2 from stdin', async () => {
    const home = homeAt(sandbox.url)
    await expectFailure(home, ['files', 'upload', '-', '-r', 'general'], {
      exit: 2,
      says: /name/,
      hint: /--name/,
    })
  })
})

describe('a command line that is wrong', () => {
  const secret = 'hunter2-secret'

  it.each([
    ['an unknown flag with a value', ['messages', 'list', 'general', `--passwrd=${secret}`], /--passwrd/],
    ['an argument too many', ['messages', 'list', 'general', secret], /too many/],
    ['a value that is no number', ['messages', 'list', 'general', '--limit', secret], /--limit/],
    ['a duration that is none', ['messages', 'tail', 'general', '--timeout', secret], /--timeout/],
    ['a missing argument', ['rooms', 'get'], /ROOM/],
    ['the message twice', ['messages', 'send', 'general', secret, '-m', secret], /twice/],
    ['a server with a password', ['rooms', 'list', '--server', `http://a:${secret}@localhost`], /--server/],
    ['a server that is no address', ['rooms', 'list', '--server', secret], /--server/],
    ['a flag without its value', ['rooms', 'list', '--search'], /--search/],
  ])('ends with 2 and repeats nothing: %s', async (_name, args, says) => {
    const home = homeAt(sandbox.url)
    await expectFailure(home, args, {exit: 2, code: 'usage', says, never: [secret]})
  })

  it.each(['not an address', 'ftp://localhost', 'http://u:p4ss-w0rd@localhost'])(
    'ends with 2 for a bad VEZA_SERVER: %s',
    async server => {
      const home = homeAt(server)
      await expectFailure(home, ['rooms', 'list'], {exit: 2, says: /VEZA_SERVER/, never: ['p4ss-w0rd']})
    },
  )
})
