import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {useChat} from '../support/chat.js'
import {hasSystemdNotify, openNotifySocket} from '../support/notify-socket.js'

/** Milliseconds; a sign of life is due each half of it. */
const WATCHDOG_MS = 400
const WATCHDOG = {WATCHDOG_USEC: String(WATCHDOG_MS * 1000)}

test('systemd-notify is here, so that what follows is tested', () => {
  expect(hasSystemdNotify).toBe(true)
})

describe('under a service manager', () => {
  const chat = useChat({dialect: 'reference'})

  test('a tail tells that it is ready, that it lives, how it stands and that it ends', async () => {
    const {NOTIFY_SOCKET, receiver, heard} = await openNotifySocket()
    const {name} = await chat.room()
    const tail = chat.alice.start(['messages', 'tail', name], {env: {NOTIFY_SOCKET, ...WATCHDOG}})
    await receiver.sees('stdout', /(WATCHDOG=1\n(BARRIER=1\n)?){2}/)
    tail.child.kill('SIGTERM')
    const {code} = await tail.ended
    await receiver.sees('stdout', /STATUS=ended/)
    expect(code).toBe(143)
    expect(heard()[0]).toBe(`READY=1|STATUS=listening to ${name}`)
    const end = heard().slice(-2).join('|')
    expect(end).toMatch(/STOPPING=1/)
    expect(end).toMatch(/STATUS=ended: terminated; 0 messages/)
    expect(heard().filter(message => message === 'READY=1')).toEqual([])
  })

  test('a process that does not run gives no sign of life', async () => {
    const {NOTIFY_SOCKET, receiver, heard} = await openNotifySocket()
    const other = await openNotifySocket()
    const {name} = await chat.room()
    const env = {NOTIFY_SOCKET, ...WATCHDOG}
    const tail = chat.alice.start(['messages', 'tail', name], {env})
    await receiver.sees('stdout', 'WATCHDOG=1')
    tail.child.kill('SIGSTOP')
    const before = heard().length
    // Another one, which begins after the stop, is three signs of life further: time enough for one of the first.
    const clock = chat.bob.start(['messages', 'tail', name], {
      env: {...env, NOTIFY_SOCKET: other.NOTIFY_SOCKET},
    })
    await other.receiver.sees('stdout', /(WATCHDOG=1\n(BARRIER=1\n)?){3}/)
    expect(heard().length - before).toBeLessThanOrEqual(1)
    tail.child.kill('SIGCONT')
    tail.child.kill('SIGTERM')
    clock.child.kill('SIGTERM')
    await Promise.all([tail.ended, clock.ended])
  })

  test('a bot whose module blocks the event loop gives no sign of life', async () => {
    const {NOTIFY_SOCKET, receiver, heard} = await openNotifySocket()
    const {id, name} = await chat.room()
    const folder = chat.alice.folder
    // It blocks for five beats, and says what had been said until then.
    writeFileSync(
      join(folder, 'block.mjs'),
      `export default () => { const until = Date.now() + ${WATCHDOG_MS * 2.5}; while (Date.now() < until); return 'done' }\n`,
    )
    writeFileSync(join(folder, 'bot.yml'), 'commands: {block: {module: ./block.mjs}}\n')
    const words = ['bot', 'run', '--room', name, '--no-dm', '--commands', join(folder, 'bot.yml'), '--json']
    const bot = chat.alice.start(words, {env: {NOTIFY_SOCKET, ...WATCHDOG}})
    await receiver.sees('stdout', 'WATCHDOG=1')
    const before = heard().length
    await chat.post(id, ['!bot block'])
    const startedMs = performance.now()
    await bot.sees('stdout', '"answered"')
    const beatsInTime = (performance.now() - startedMs) / (WATCHDOG_MS / 2)
    // Without the block there would be one for each half; of the five blocked ones hardly one may be there.
    expect(heard().length - before).toBeLessThanOrEqual(Math.ceil(beatsInTime) - 3)
    bot.child.kill('SIGTERM')
    await bot.ended
  })

  test('hooks do not see the socket, so that they cannot speak for the service', async () => {
    const {NOTIFY_SOCKET, receiver} = await openNotifySocket()
    const {id, name} = await chat.room()
    const seen = join(chat.alice.folder, 'seen')
    const tail = chat.alice.start(
      [
        'messages',
        'tail',
        name,
        '--count',
        '1',
        '--exec',
        `env > '${seen}.part' && mv '${seen}.part' '${seen}'`,
      ],
      {env: {NOTIFY_SOCKET, ...WATCHDOG, WATCHDOG_PID: '1'}},
    )
    await receiver.sees('stdout', 'READY=1')
    await chat.post(id, ['hello'])
    expect((await tail.ended).code).toBe(0)
    const {readFileSync} = await import('node:fs')
    const names = readFileSync(seen, 'utf8').split('\n')
    expect(names.filter(line => /^(NOTIFY_SOCKET|WATCHDOG_)/.test(line))).toEqual([])
    expect(names.some(line => line.startsWith('VEZA_MESSAGE_ID='))).toBe(true)
  })

  test('a sandbox is a service too, and one that ends before it was ready says nothing', async () => {
    const {NOTIFY_SOCKET, receiver, heard} = await openNotifySocket()
    const failed = await chat.alice.run(['messages', 'tail', 'no-such-room'], {env: {NOTIFY_SOCKET}})
    expect(failed.code).toBe(7)
    expect(heard()).toEqual([])
    const sandbox = chat.alice.start(['sandbox', '--port', '0'], {env: {NOTIFY_SOCKET}})
    await receiver.sees('stdout', 'READY=1|STATUS=http://127.0.0.1:')
    sandbox.child.kill('SIGTERM')
    await sandbox.ended
  })

  test('without systemd-notify it works on and says so once', async () => {
    const {name} = await chat.room()
    const env = {NOTIFY_SOCKET: '/nowhere', PATH: '/nowhere', ...WATCHDOG}
    const tail = chat.alice.start(['messages', 'tail', name], {env})
    await tail.sees('stderr', 'ready: ')
    await tail.sees('stderr', 'warning: ')
    tail.child.kill('SIGTERM')
    const {code, stderr} = await tail.ended
    expect(code).toBe(143)
    expect(stderr.split('\n').filter(line => line.startsWith('warning: the service manager'))).toEqual([
      'warning: the service manager cannot be told: there is no systemd-notify',
    ])
  })
})

describe('secrets in files', () => {
  const chat = useChat({dialect: 'reference'})

  test('a password in a file signs in, as a variable does', async () => {
    const file = join(chat.alice.folder, 'password')
    writeFileSync(file, 'alice-pass\n')
    const env = {VEZA_TOKEN: '', BOT_USERNAME: 'alice', BOT_PASSWORD_FILE: file}
    const me = await chat.alice.run(['users', 'me', '--json'], {env})
    expect(me.code).toBe(0)
    expect(JSON.parse(me.stdout)).toMatchObject({username: 'alice'})
  })

  test('a file that cannot be read, and both at once, end with 2 and name variable and file', async () => {
    const gone = await chat.alice.run(['users', 'me'], {env: {VEZA_TOKEN: '', VEZA_API_KEY_FILE: '/nowhere'}})
    expect(gone).toMatchObject({code: 2, stderr: 'error: VEZA_API_KEY_FILE: /nowhere does not exist\n'})
    const both = await chat.alice.run(['users', 'me'], {
      env: {VEZA_API_KEY: 'veza_ak_1', VEZA_API_KEY_FILE: '/nowhere'},
    })
    expect(both.code).toBe(2)
    expect(both.stderr).toBe(
      'error: VEZA_API_KEY and VEZA_API_KEY_FILE are both set\nhint: unset one of them\n',
    )
  })

  test('what needs no account reads no file', async () => {
    const env = {VEZA_TOKEN_FILE: '/nowhere', VEZA_REDIS_URL_FILE: '/nowhere'}
    expect((await chat.alice.run(['errors'], {env})).code).toBe(0)
  })
})
