import {readdirSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {DIALECTS, documentOf, errorOf, useChat} from '../../support/chat.js'
import {httpStub} from '../../support/http-stub.js'
import {type Home, makeHome, startProcess, VEZA} from '../../support/veza.js'

/** A port where nothing listens: each try to reach it is noticed. */
const NOWHERE = 'http://127.0.0.1:1'
const FAST = {VEZA_RETRY_DELAY: '1ms'}

/** A home of its own, signed in by a token that nobody checks offline. */
function offlineHome(env: NodeJS.ProcessEnv = {}): Home {
  const claims = Buffer.from('{"sub":"2","username":"alice"}').toString('base64url')
  return makeHome({VEZA_SERVER: NOWHERE, VEZA_TOKEN: `h.${claims}.s`, ...FAST, ...env})
}

async function listed(home: Home, env: NodeJS.ProcessEnv = {}) {
  return documentOf<Record<string, unknown>[]>(await home.run(['outbox', 'list', '--json'], {env}))
}

describe('--queue', () => {
  test('puts a message into the outbox without the network', async () => {
    const home = offlineHome()
    const run = await home.run([
      'messages',
      'send',
      'general',
      'later',
      '--reply-to',
      '7',
      '--queue',
      '--json',
    ])
    expect(run.stderr).toMatch(/^kept in the outbox as 1; veza outbox flush sends it/)
    const queued = documentOf(run)
    expect(queued).toEqual({
      outcome: 'queued',
      outbox_id: 1,
      client_id: expect.stringMatching(/^veza-/),
      content: 'later',
    })
    expect(await listed(home)).toEqual([
      {
        id: 1,
        created_at: expect.stringMatching(/Z$/),
        room: 'general',
        content: 'later',
        parent_id: 7,
        client_id: queued.client_id,
        server: NOWHERE,
        account: 'alice',
        state: 'waiting',
        tries: 0,
      },
    ])
  })

  test('takes rooms by id and direct messages, and says it to a person', async () => {
    const home = offlineHome()
    await home.run(['messages', 'send', '15', 'to a room', '--queue'])
    const {code, stdout} = await home.run(['dm', 'send', '@bob', 'to a user', '--queue'])
    expect([code, stdout]).toEqual([0, 'outcome:\tqueued\noutbox id:\t2\n'])
    const list = await home.run(['outbox', 'list'])
    expect(list.stdout).toMatch(/^1\t\S+\t15\talice\tto a room\t0\t\n2\t\S+\t@bob\talice\tto a user\t0\t\n$/)
  })

  test('keeps the keys; their client_id follows from them when it is sent', async () => {
    const home = offlineHome()
    await home.run(['messages', 'send', 'general', 'a', '--queue', '--idempotency-key', 'deploy-1'])
    await home.run(['messages', 'send', 'general', 'b', '--queue', '--upsert', 'board'])
    const rows = await listed(home)
    expect(rows).toMatchObject([{idempotency_key: 'deploy-1'}, {upsert_key: 'board'}])
    expect(rows.every(row => !('client_id' in row))).toBe(true)
  })

  test.each([
    ['an API key', {VEZA_TOKEN: '', VEZA_API_KEY: 'veza_ak_secret'}, undefined],
    ['a name and a password', {VEZA_TOKEN: '', VEZA_USERNAME: 'carol', VEZA_PASSWORD: 'p'}, 'carol'],
    ['a token that says nothing', {VEZA_TOKEN: 'opaque-secret'}, undefined],
    ['a refresh token with a name', {VEZA_TOKEN: '', VEZA_REFRESH_TOKEN: 'r', VEZA_USERNAME: 'dan'}, 'dan'],
  ])('knows the account by %s, and keeps no secret', async (_, env, account) => {
    const home = offlineHome(env)
    expect((await home.run(['messages', 'send', 'general', 'x', '--queue'])).code).toBe(0)
    expect((await listed(home))[0]?.account).toBe(account)
    const folder = join(home.folder, '.local', 'state', 'veza')
    const {stdout} = await startProcess('grep', ['-rlE', '(ak|opaque).secret', folder], home.env).ended
    expect([readdirSync(folder), stdout]).toEqual([['outbox.db'], ''])
  })

  test.each([
    ['nobody is signed in', {VEZA_TOKEN: ''}, [], 4, 'signed_out'],
    ['a refresh token says no name', {VEZA_TOKEN: '', VEZA_REFRESH_TOKEN: 'r'}, [], 2, 'usage'],
    ['both flags are given', {}, ['--queue-on-failure'], 2, 'usage'],
    ['two keys are given', {}, ['--idempotency-key', 'a', '--upsert', 'b'], 2, 'usage'],
  ])('puts nothing there where %s', async (_, env, flags, code, word) => {
    const home = offlineHome(env)
    const run = await home.run(['messages', 'send', 'general', 'x', '--queue', '--json', ...flags])
    expect([run.code, run.stdout, errorOf(run).code]).toEqual([code, '', word])
    expect(await listed(home)).toEqual([])
  })

  test('on a full disk fails, and keeps what it had', async () => {
    const home = offlineHome()
    const send = [...VEZA, 'messages', 'send', 'general', '--queue', '--json']
      .map(word => `'${word}'`)
      .join(' ')
    const script = `ulimit -f 64; for nth in 1 2 3 4; do head -c 20000 /dev/zero | tr '\\0' $nth | ${send} || echo $?; done`
    const {stdout, stderr} = await startProcess('bash', ['-c', script], home.env).ended
    const lines = stdout.trim().split('\n')
    const kept = lines.filter(line => line.startsWith('{'))
    expect(kept.length).toBeGreaterThan(0)
    expect(lines.filter(line => line === '1')).toHaveLength(4 - kept.length)
    expect(stderr).toMatch(/"code":"failed","message":"cannot write the outbox .*SQLITE_(FULL|IOERR)/)
    const rows = await listed(home)
    expect(rows.map(({id, content}) => [id, content])).toEqual(
      kept.map((line, index) => [index + 1, (JSON.parse(line) as {content: string}).content]),
    )
  })
})

describe.each(DIALECTS)('--queue-on-failure, %s', dialect => {
  const chat = useChat({dialect})

  test('sends where that works, and puts nothing into the outbox', async () => {
    const {id} = await chat.room()
    const run = await chat.alice.run(['messages', 'send', `${id}`, 'now', '--queue-on-failure', '--json'])
    expect(documentOf(run)).toMatchObject({outcome: 'created', content: 'now'})
    expect([await chat.contents(id), await listed(chat.alice)]).toEqual([['now'], []])
  })

  test('does not keep what the server refuses', async () => {
    const send = ['messages', 'send', 'nosuch', 'x', '--queue-on-failure', '--json']
    expect((await chat.alice.run(send)).code).toBe(7)
    expect(await listed(chat.alice)).toEqual([])
  })
})

describe('--queue-on-failure', () => {
  test('keeps what cannot reach the server, and says why', async () => {
    const home = offlineHome()
    const run = await home.run(['messages', 'send', 'general', 'later', '--queue-on-failure', '--json', '-q'])
    expect(run.stderr).toMatch(/^warning: not sent: cannot reach http:\/\/127\.0\.0\.1:1: .*\n$/)
    expect(documentOf(run)).toMatchObject({outcome: 'queued', error: {code: 'unreachable'}})
    expect(await listed(home)).toMatchObject([{tries: 1, last_error: {code: 'unreachable'}}])
  })

  test.each([
    [500, 'server_error', 0, 1],
    [503, 'server_error', 0, 1],
    [429, 'rate_limited', 0, 1],
    [401, 'signed_out', 4, 0],
    [403, 'forbidden', 9, 0],
    [404, 'not_found', 7, 0],
    [409, 'conflict', 8, 0],
    [422, 'refused', 3, 0],
  ])('after %i (%s) ends with %i and keeps %i', async (status, _code, exitCode, kept) => {
    await using stub = await httpStub({status})
    const home = offlineHome({VEZA_SERVER: stub.origin})
    const {code} = await home.run([
      'messages',
      'send',
      '1',
      'x',
      '--queue-on-failure',
      '--json',
      '--retries',
      '0',
    ])
    expect([code, (await listed(home)).length]).toEqual([exitCode, kept])
  })

  test('a command that --timeout ends has kept nothing, and says so by its exit code', async () => {
    const home = offlineHome({VEZA_RETRY_DELAY: '1m', VEZA_RETRIES: '9'})
    const send = ['messages', 'send', 'general', 'x', '--queue-on-failure', '--timeout', '50ms']
    expect((await home.run(send)).code).toBe(124)
    expect(await listed(home)).toEqual([])
  })
})
