import {describe, expect, test} from 'vitest'
import {DIALECTS, documentOf, errorOf, recordsOf, useChat} from '../../support/chat.js'
import {closedPort} from '../../support/http-stub.js'
import {homeOf} from '../../support/sandbox.js'
import {atTerminal} from '../../support/veza.js'

describe.each(DIALECTS)('presence set, %s', dialect => {
  const chat = useChat({dialect})

  test.each(['online', 'away', 'busy', 'invisible'])('%s reaches the others', async status => {
    const watch = chat.alice.start(['presence', 'watch', '--count', '1', '--json'])
    await watch.sees('stderr', 'ready: ')
    const run = await chat.bob.run(['presence', 'set', status, '--message', 'in a “meeting”', '--json'])
    expect(documentOf({...run, stderr: ''})).toEqual({status, message: 'in a “meeting”'})
    const shown = status === 'invisible' ? 'offline' : status
    expect(recordsOf(await watch.ended)).toMatchObject([
      {user_id: 3, status: shown, message: 'in a “meeting”'},
    ])
  })

  test('a person is told on stderr, and stdout stays empty', async () => {
    const run = await chat.bob.run(['presence', 'set', 'busy', '-m', 'a\u202eb\nc'])
    expect(run).toEqual({code: 0, stdout: '', stderr: 'you are busy now: a\\u{202e}b⏎c\n'})
    expect((await chat.bob.run(['presence', 'set', 'away', '--quiet'])).stderr).toBe('')
    const {code, screen} = await atTerminal(chat.bob, ['presence', 'set', 'online'])
    expect({code, screen}).toEqual({code: 0, screen: 'you are online now\n'})
  })

  test('what the server does not take is refused', async () => {
    const run = await chat.bob.run(['presence', 'set', 'busy', '-m', 'x'.repeat(300), '--json'])
    expect([run.code, errorOf(run)]).toEqual([
      3,
      expect.objectContaining({code: 'refused', server_code: 'VALIDATION_FAILED'}),
    ])
  })

  test('a token that is not good is 4', async () => {
    const run = await chat.bob.run(['presence', 'set', 'busy'], {env: {VEZA_TOKEN: 'none'}})
    expect(run).toMatchObject({code: 4, stdout: ''})
  })

  test('an API key will do', async () => {
    const made = documentOf({...(await chat.bob.run(['auth', 'keys', 'create', 'x', '--json'])), stderr: ''})
    const env = {VEZA_TOKEN: '', VEZA_API_KEY: String(made.key)}
    expect((await chat.bob.run(['presence', 'set', 'busy'], {env})).code).toBe(0)
  })
})

test('another word is a usage error, before anything is asked', async () => {
  const home = homeOf({url: `http://127.0.0.1:${await closedPort()}`})
  expect(await home.run(['presence', 'set', 'gone'])).toEqual({
    code: 2,
    stdout: '',
    stderr: 'error: STATUS wants one of: online, away, busy, invisible\n',
  })
})

test('a server that is not there is 6', async () => {
  const home = homeOf({url: `http://127.0.0.1:${await closedPort()}`}, 'alice', {VEZA_TOKEN: 'x'})
  expect((await home.run(['presence', 'set', 'busy', '--retries', '0'])).code).toBe(6)
})
