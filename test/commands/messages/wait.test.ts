import {describe, expect, test} from 'vitest'
import {DIALECTS, recordsOf, useChat} from '../../support/chat.js'
import {atTerminal} from '../../support/veza.js'

describe.each(DIALECTS)('messages wait, %s', dialect => {
  const chat = useChat({dialect})

  test('an old answer does not count; the first new one that matches is printed, with 0', async () => {
    const {id, name} = await chat.room()
    await chat.post(id, ['yes'])
    const wait = chat.alice.start(['messages', 'wait', name, '--match', '^(yes|ok)', '--json'])
    await wait.sees('stderr', `ready: listening to ${name}\n`)
    const [, answer] = await chat.post(id, ['no', 'ok then', 'yes'])
    const run = await wait.ended
    expect(recordsOf(run).map(record => record.id)).toEqual([answer])
    expect(run.code).toBe(0)
    expect(run.stderr).toMatch(/\nended: done; 1 message; /)
  })

  test('--since looks back first', async () => {
    const {id, name} = await chat.room()
    const [question] = await chat.post(id, ['deploy?', 'YES', 'yes'])
    const args = ['messages', 'wait', name, '--since', `${question}`, '--match', '^yes']
    expect((await chat.alice.run(args)).stdout).toMatch(/^\S+\tbob\tyes\n$/)
    expect((await chat.alice.run([...args, '-i'])).stdout).toMatch(/^\S+\tbob\tYES\n$/)
  })

  test('--reply-to looks back for an answer to this message', async () => {
    const {id, name} = await chat.room()
    const [question] = await chat.post(id, ['deploy?', 'yes'])
    const args = ['messages', 'wait', name, '--reply-to', `${question}`, '--match', 'yes', '--json']
    const none = await chat.alice.run([...args, '--timeout', '2s'])
    expect(none).toMatchObject({code: 124, stdout: ''})
    const reply = {content: 'yes, do', parent_id: question}
    const {id: answer} = (await chat.call('bob', 'POST', `/rooms/${id}/messages`, reply)) as {id: number}
    expect(recordsOf(await chat.alice.run(args)).map(record => record.id)).toEqual([answer])
  })

  test('--from and --not-from-me: whose answer counts', async () => {
    const {id, name} = await chat.room()
    const args = ['messages', 'wait', name, '--match', 'yes', '--since', '0', '--json']
    await chat.post(id, ['yes'], 'alice')
    await chat.post(id, ['yes'], 'bob')
    const authors = async (...more: readonly string[]): Promise<unknown[]> =>
      recordsOf(await chat.alice.run([...args, ...more])).map(({username}) => username)
    expect(await authors()).toEqual(['alice'])
    expect(await authors('--from', 'bob')).toEqual(['bob'])
    expect(await authors('--not-from-me')).toEqual(['bob'])
  })
})

describe('messages wait, how it ends', () => {
  const chat = useChat()

  test('124 when time runs out, at a pipe, with --json and at a terminal', async () => {
    const {name} = await chat.room()
    const args = ['messages', 'wait', name, '--match', 'never', '--timeout', '2s']
    const [pipe, json, terminal] = await Promise.all([
      chat.alice.run(args),
      chat.alice.run([...args, '--json']),
      atTerminal(chat.alice, args),
    ])
    expect(pipe).toMatchObject({code: 124, stdout: ''})
    expect(pipe.stderr).toMatch(/\nended: --timeout ran out after 2 s; 0 messages; /)
    expect(json).toMatchObject({code: 124, stdout: ''})
    expect(json.stderr).toMatch(/^\{"error":\{"code":"timeout"/m)
    expect(terminal.code).toBe(124)
  })

  test('VEZA_TIMEOUT holds, too', async () => {
    const {name} = await chat.room()
    const run = await chat.alice.run(['messages', 'wait', name], {env: {VEZA_TIMEOUT: '2s'}})
    expect(run.code).toBe(124)
  })

  test('any message will do where nothing is asked of it', async () => {
    const {id, name} = await chat.room()
    await chat.post(id, ['anything'])
    const run = await chat.alice.run(['messages', 'wait', '--since', '0'], {env: {VEZA_ROOM: name}})
    expect(run).toMatchObject({code: 0, stdout: expect.stringMatching(/\tbob\tanything\n$/)})
  })

  test.each([
    ['an unknown room', ['nowhere'], 7],
    ['no room', [], 2],
    ['no expression', ['general', '--match', '(yes'], 2],
    ['an unknown user', ['general', '--from', 'nobody'], 7],
    ['no id', ['general', '--reply-to', 'it'], 2],
    ['a flag of tail', ['general', '--count', '2'], 2],
  ])('%s', async (_what, args, code) => {
    const run = await chat.alice.run(['messages', 'wait', ...args])
    expect(run).toMatchObject({code, stdout: ''})
    expect(run.stderr).toMatch(/^error: [^\n]+\n(hint: [^\n]+\n)?$/)
  })

  test('SIGINT is 130', async () => {
    const {name} = await chat.room()
    const wait = chat.alice.start(['messages', 'wait', name, '--match', 'never'])
    await wait.sees('stderr', 'ready: ')
    wait.child.kill('SIGINT')
    expect((await wait.ended).code).toBe(130)
  })
})
