import {once} from 'node:events'
import {chmodSync, readdirSync, statSync} from 'node:fs'
import {type AddressInfo, createServer} from 'node:net'
import {join} from 'node:path'
import {describe, expect, it, onTestFinished} from 'vitest'
import {DIALECTS, useChat} from '../../support/chat.js'
import {startRecorder} from '../../support/recorder.js'
import {makeHome} from '../../support/veza.js'
import {fetchNames} from './shells.js'

const ask = (...words: string[]): string[] => ['__complete', 'fish', ...words]

describe('words that are known without a server', () => {
  it.each([
    [['rooms', 'list', '--format', 't'], 'words\ntext\t\ntable\t\ntsv\t\ntemplate\t\n'],
    [['rooms', 'list', '--format=c'], 'words\n--format=csv\t\n'],
    [['api', 'P'], 'words\nPOST\t\nPUT\t\nPATCH\t\n'],
  ])('%j', async (words, stdout) => {
    expect(await makeHome().run(ask(...words))).toEqual({code: 0, stdout, stderr: ''})
  })
})

describe.each(DIALECTS)('what __complete answers, %s', dialect => {
  const chat = useChat({dialect})

  it('rooms with their ids, users that begin so, and oneself', async () => {
    const {name, id} = await chat.room()
    for (const prefix of ['b', '']) await fetchNames(chat.alice, 'user', prefix)
    await fetchNames(chat.alice, 'room')
    const rooms = await chat.alice.run(ask('rooms', 'get', 'room'))
    expect(rooms).toEqual({code: 0, stdout: `words\n${name}\t${id}\n`, stderr: ''})
    const users = await chat.alice.run(ask('dm', 'send', 'b'))
    expect(users.stdout.split('\n').sort()).toEqual(['', 'bob\t3', 'bot\t4', 'words'])
    const me = await chat.alice.run(ask('dm', 'send', ''))
    expect(me.stdout).toContain('me\tthis account\n')
  })

  it('a minute long the server is not asked again', async () => {
    const recorder = await startRecorder(chat.url)
    onTestFinished(() => recorder.close())
    const env = {VEZA_SERVER: recorder.url}
    await fetchNames(chat.alice, 'room', '', env)
    expect(recorder.take()).toEqual(['GET /rooms'])
    expect((await chat.alice.run(ask('rooms', 'get', 'gen'), {env})).stdout).toBe('words\ngeneral\t1\n')
    expect(recorder.take()).toEqual([])
    const folder = join(chat.alice.folder, '.local', 'state', 'veza', 'completion')
    for (const file of readdirSync(folder)) expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600)
  })

  it('names go by account: bob is not shown the private room of alice', async () => {
    const room = {name: `secret-${dialect}`, is_public: false}
    await chat.call('alice', 'POST', '/rooms', room)
    await fetchNames(chat.bob, 'room')
    const shared = {...chat.bob.env, HOME: chat.bob.folder, VEZA_TOKEN: chat.token('alice')}
    await fetchNames(chat.bob, 'room', '', shared)
    expect((await chat.bob.run(ask('rooms', 'get', 'secret'), {env: shared})).stdout).toContain(room.name)
    expect((await chat.bob.run(ask('rooms', 'get', 'secret'))).stdout).toBe('words\n')
  })

  it('where nothing can be kept the names come all the same', async () => {
    const env = {VEZA_STATE_DIR: '/dev/null/state'}
    expect((await chat.alice.run(ask('rooms', 'get', 'gen'), {env})).stdout).toBe('words\ngeneral\t1\n')
  })
})

describe('what __complete makes of trouble', () => {
  it('a server that is not there, no session, settings that cannot be read: no names, no error', async () => {
    const home = makeHome()
    const nothing = {code: 0, stdout: 'words\n', stderr: ''}
    const gone = {VEZA_SERVER: 'http://127.0.0.1:1', VEZA_TOKEN: 'x'}
    expect(await home.run(ask('rooms', 'get', ''), {env: gone})).toEqual(nothing)
    expect(await home.run(ask('rooms', 'get', ''))).toEqual(nothing)
    expect(await home.run(ask('rooms', 'get', '', '--server', 'nonsense', ''))).toEqual(nothing)
    expect(await home.run(ask('rooms', 'get', ''), {env: {VEZA_RETRIES: 'many'}})).toEqual(nothing)
    expect(await home.run(ask('rooms', 'get', ''), {env: {HOME: undefined}})).toEqual(nothing)
  })

  it('a server that never answers is waited for a second, not longer', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const connected = once(server, 'connection')
    const env = {VEZA_SERVER: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, VEZA_TOKEN: 'x'}
    const ended = makeHome(env).run(ask('rooms', 'get', ''))
    const [socket] = await connected
    // It ends although the connection of the fetching process stays open.
    expect(await ended).toEqual({code: 0, stdout: 'words\n', stderr: ''})
    expect(socket.destroyed).toBe(false)
    socket.destroy()
  })

  it('an unknown shell or nothing at all gets no answer', async () => {
    const home = makeHome()
    for (const args of [['__complete'], ['__complete', 'tcsh', 'rooms'], ['__complete', 'powershell', '%%']])
      expect(await home.run(args)).toEqual({code: 0, stdout: '', stderr: ''})
  })

  it('a folder that may not be written keeps nothing and harms nothing', async () => {
    const home = makeHome()
    chmodSync(home.folder, 0o500)
    onTestFinished(() => chmodSync(home.folder, 0o700))
    expect((await home.run(ask('rooms', 'li'))).stdout).toBe('words\nlist\tList rooms\n')
  })
})

describe('the script of PowerShell', () => {
  it('passes words as JSON in base 64, whatever is in them', async () => {
    const words = Buffer.from(JSON.stringify(['rooms', 'list', '--filter=jo'])).toString('base64')
    expect((await makeHome().run(['__complete', 'powershell', words])).stdout).toBe(
      'words\n--filter=joined\t\n',
    )
  })

  // There is no PowerShell for Debian: only its shape is looked at.
  it('registers a completer and quotes what is not plain', async () => {
    const {code, stdout} = await makeHome().run(['completion', 'powershell'])
    expect(code).toBe(0)
    expect(stdout).toContain('Register-ArgumentCompleter -Native -CommandName veza')
    expect(stdout).toContain(String.raw`"'" + ($value -replace "['\u2018-\u201b]", '$0$0') + "'"`)
    for (const [open, close] of ['{}', '()', '[]'])
      expect(stdout.split(open!).length, open).toBe(stdout.split(close!).length)
  })
})
