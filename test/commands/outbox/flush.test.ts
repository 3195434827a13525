import {describe, expect, test} from 'vitest'
import {DIALECTS, documentOf, errorOf, recordsOf, useChat} from '../../support/chat.js'
import {type Home, makeHome} from '../../support/veza.js'

const ALICE = {VEZA_USERNAME: 'alice', VEZA_PASSWORD: 'alice-pass'}

describe.each(DIALECTS)('outbox flush, %s', dialect => {
  const chat = useChat({dialect})

  /** A home with an outbox of its own. */
  const aliceAlone = (): Home => makeHome({VEZA_SERVER: chat.url, VEZA_RETRY_DELAY: '1ms', ...ALICE})
  const queue = (home: Home, room: string | number, text: string, ...flags: string[]) =>
    home.run(['messages', 'send', `${room}`, text, '--queue', ...flags])
  const waiting = async (home: Home) => documentOf<object[]>(await home.run(['outbox', 'list', '--json']))

  test('sends what waits, in order, to rooms and users', async () => {
    const home = aliceAlone()
    const {id, name} = await chat.room()
    for (const text of ['one', 'two']) await queue(home, name, text)
    await home.run(['dm', 'send', 'bob', 'three', '--queue'])
    const run = await home.run(['outbox', 'flush', '--json'])
    expect(run).toMatchObject({code: 0, stderr: 'sent 3 messages\n'})
    expect(recordsOf(run)).toEqual([
      {
        outbox_id: 1,
        outcome: 'created',
        id: expect.any(Number),
        room: name,
        content: 'one',
        client_id: expect.any(String),
      },
      {
        outbox_id: 2,
        outcome: 'created',
        id: expect.any(Number),
        room: name,
        content: 'two',
        client_id: expect.any(String),
      },
      {
        outbox_id: 3,
        outcome: 'created',
        id: expect.any(Number),
        user: 'bob',
        content: 'three',
        client_id: expect.any(String),
      },
    ])
    expect([await chat.contents(id), await waiting(home)]).toEqual([['one', 'two'], []])
  })

  test('says one line a message to a person, and nothing where nothing waits', async () => {
    const home = aliceAlone()
    const {name} = await chat.room()
    await queue(home, name, 'one')
    const {stdout} = await home.run(['outbox', 'flush'])
    expect(stdout).toMatch(new RegExp(`^1\tcreated\t#${name}\t\\d+\tone\t\n$`))
    expect(await home.run(['outbox', 'flush'])).toEqual({code: 0, stdout: '', stderr: ''})
    expect(await aliceAlone().run(['outbox', 'flush', '--json'])).toEqual({code: 0, stdout: '', stderr: ''})
  })

  test('keys hold: what was sent under one is a duplicate, --upsert updates', async () => {
    const home = aliceAlone()
    const {id, name} = await chat.room()
    const keyed = ['--idempotency-key', 'deploy-1']
    await home.run(['messages', 'send', name, 'Deployed', ...keyed])
    await queue(home, name, 'Deployed', ...keyed)
    await queue(home, name, '1 of 2', '--upsert', 'board')
    await queue(home, name, '2 of 2', '--upsert', 'board')
    const run = await home.run(['outbox', 'flush', '--json'])
    expect(recordsOf(run).map(({outcome}) => outcome)).toEqual(['duplicate', 'created', 'updated'])
    expect(await chat.contents(id)).toEqual(['Deployed', '2 of 2'])
  })

  test('what is refused stays, marked, does not hold up the rest, and is tried again with --refused', async () => {
    const home = aliceAlone()
    const {id, name} = await chat.room()
    await queue(home, 'not-yet', 'early')
    await queue(home, name, 'fine')
    const run = await home.run(['outbox', 'flush', '--json'])
    expect(run.code).toBe(7)
    expect(recordsOf(run)).toMatchObject([
      {outcome: 'refused', error: {code: 'not_found'}},
      {outcome: 'created', content: 'fine'},
    ])
    expect(await waiting(home)).toMatchObject([{state: 'refused', tries: 1, last_error: {code: 'not_found'}}])
    const later = await home.run(['outbox', 'flush'])
    expect(later).toEqual({
      code: 0,
      stdout: '',
      stderr: 'sent 0 messages, 1 refused (veza outbox list shows what is left)\n',
    })
    await chat.call('alice', 'POST', '/rooms', {name: 'not-yet'})
    expect((await home.run(['outbox', 'flush', '--refused', '-q'])).code).toBe(0)
    expect([await chat.contents(id), await waiting(home)]).toEqual([['fine'], []])
  })

  test('leaves the messages of other accounts to them', async () => {
    const home = aliceAlone()
    const {id, name} = await chat.room()
    await queue(home, name, 'from alice')
    const bob = {VEZA_USERNAME: 'bob', VEZA_PASSWORD: 'bob-pass'}
    const run = await home.run(['outbox', 'flush'], {env: bob})
    expect(run).toMatchObject({
      code: 0,
      stderr: 'sent 0 messages, 1 of other accounts (veza outbox list shows what is left)\n',
    })
    const asToken = {VEZA_USERNAME: '', VEZA_PASSWORD: '', VEZA_TOKEN: chat.token('alice')}
    await home.run(['outbox', 'flush'], {env: asToken})
    expect(await chat.contents(id)).toEqual(['from alice'])
  })

  test('several at once send each message once', async () => {
    const home = aliceAlone()
    const {id, name} = await chat.room()
    const texts = Array.from({length: 8}, (_, nth) => `message ${nth}`)
    for (const text of texts) await queue(home, name, text)
    const runs = await Promise.all(Array.from({length: 4}, () => home.run(['outbox', 'flush', '--json'])))
    expect(runs.map(({code}) => code)).toEqual([0, 0, 0, 0])
    const sent = runs.flatMap(run => recordsOf<{content: string}>(run)).map(({content}) => content)
    expect(sent.sort()).toEqual(texts)
    expect(await chat.contents(id)).toEqual(texts)
  })

  test('an API key has an outbox, too', async () => {
    const {key} = (await chat.call('alice', 'POST', '/auth/api-keys', {
      name: 'ci',
      permissions: ['write'],
    })) as {key: string}
    const {id} = await chat.room()
    const home = makeHome({VEZA_SERVER: chat.url, VEZA_API_KEY: key})
    await queue(home, id, 'by key')
    expect(await home.run(['outbox', 'flush', '-q'])).toMatchObject({code: 0, stderr: ''})
    expect(await chat.contents(id)).toEqual(['by key'])
  })
})

describe('outbox flush, when the server fails', () => {
  test('keeps what cannot be sent, and ends with the first failure', async () => {
    const home = makeHome({VEZA_SERVER: 'http://127.0.0.1:1', VEZA_RETRIES: '0', ...ALICE})
    await home.run(['messages', 'send', 'general', 'x', '--queue'])
    const run = await home.run(['outbox', 'flush', '--json'])
    expect(run).toMatchObject({code: 6, stderr: expect.stringContaining('sent 0 messages, 1 still waiting')})
    expect(recordsOf(run)).toMatchObject([{outcome: 'waiting', error: {code: 'unreachable'}}])
    const rows = documentOf<object[]>(await home.run(['outbox', 'list', '--json']))
    expect(rows).toMatchObject([{tries: 1, last_error: {code: 'unreachable'}}])
  })

  test('with a token that is over, ends with 4 and marks nothing', async () => {
    const home = makeHome({VEZA_SERVER: 'http://127.0.0.1:1', VEZA_TOKEN: 'x'})
    await home.run(['messages', 'send', 'general', 'x', '--queue'])
    const run = await home.run(['outbox', 'flush', '--json'], {env: {VEZA_TOKEN: ''}})
    expect([run.code, errorOf(run).code]).toEqual([4, 'signed_out'])
  })
})
