import {describe, expect, test} from 'vitest'
import {DIALECTS, documentOf, errorOf, useChat} from '../../support/chat.js'
import {atTerminal} from '../../support/veza.js'

describe.each(DIALECTS)('messages edit and delete, %s', dialect => {
  const chat = useChat({dialect})

  test('the author changes the text', async () => {
    const {id} = await chat.room()
    const [message] = await chat.post(id, ['helo'], 'alice')
    const run = await chat.alice.run([
      'messages',
      'edit',
      `${message}`,
      'hello',
      '--reason',
      'typo',
      '--json',
    ])
    expect(documentOf(run)).toMatchObject({id: message, content: 'hello', is_edited: true})
    expect(await chat.contents(id)).toEqual(['hello'])
  })

  test('nobody else does', async () => {
    const {id} = await chat.room()
    const [message] = await chat.post(id, ['mine'], 'alice')
    const edit = await chat.bob.run(['messages', 'edit', `${message}`, 'yours'])
    const remove = await chat.bob.run(['messages', 'delete', `${message}`, '--yes'])
    expect([edit.code, remove.code]).toEqual([9, 9])
    expect(await chat.contents(id)).toEqual(['mine'])
  })

  test('a message is deleted with --yes, and not without where nobody can be asked', async () => {
    const {id} = await chat.room()
    const [message] = await chat.post(id, ['oops'], 'alice')
    const unsure = await chat.alice.run(['messages', 'delete', `${message}`])
    expect(unsure).toMatchObject({code: 2, stderr: expect.stringContaining('--yes')})
    expect(await chat.contents(id)).toEqual(['oops'])
    const sure = await chat.alice.run(['messages', 'delete', `#${message}`, '--yes'])
    expect(sure).toMatchObject({code: 0, stdout: '', stderr: `deleted message ${message}\n`})
    expect(await chat.contents(id)).toEqual([])
  })

  test('a person is asked; no answer keeps it', async () => {
    const {id} = await chat.room()
    const [message] = await chat.post(id, ['precious'], 'alice')
    const {code, screen} = await atTerminal(chat.alice, ['messages', 'delete', `${message}`], {
      typing: [{prompt: '(y/N)', typed: 'n\r'}],
    })
    expect({code, asked: screen.includes('Really delete message')}).toEqual({code: 1, asked: true})
    expect(await chat.contents(id)).toEqual(['precious'])
  })

  test('a message that is not there ends with 7', async () => {
    const run = await chat.alice.run(['messages', 'edit', '999999', 'x', '--json'])
    expect(run.code).toBe(7)
    expect(errorOf(run)).toMatchObject({code: 'not_found', exit_code: 7})
  })
})

describe('messages send, once', () => {
  const chat = useChat({dialect: 'guide'})

  test('a key is sent once, whatever the server does with repeats', async () => {
    const {id} = await chat.room()
    const send = (text: string) =>
      chat.alice.run(['messages', 'send', `${id}`, text, '--idempotency-key', 'deploy-42', '--json'])
    const first = documentOf(await send('Deployed'))
    expect(first).toMatchObject({
      outcome: 'created',
      content: 'Deployed',
      client_id: expect.stringMatching(/^veza-/),
    })
    expect(documentOf(await send('Deployed'))).toMatchObject({outcome: 'duplicate', id: first.id})
    expect(await chat.contents(id)).toEqual(['Deployed'])
  })

  test('a person is told that it was sent before', async () => {
    const {id} = await chat.room()
    const send = () => chat.alice.run(['messages', 'send', `${id}`, 'x', '--idempotency-key', 'k'])
    await send()
    const {code, stdout, stderr} = await send()
    expect({code, stdout}).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^id:\t\d+\noutcome:\tduplicate\n$/),
    })
    expect(stderr).toMatch(/^sent before as message \d+; nothing was sent now\n$/)
  })

  test('--upsert keeps one message current', async () => {
    const {id} = await chat.room()
    const send = (text: string) =>
      chat.alice.run(['messages', 'send', `${id}`, text, '--upsert', 'board', '--json'])
    expect(documentOf(await send('1 of 2'))).toMatchObject({
      outcome: 'created',
      metadata: {upsert_key: 'board'},
    })
    expect(documentOf(await send('2 of 2'))).toMatchObject({outcome: 'updated', content: '2 of 2'})
    expect(await chat.contents(id)).toEqual(['2 of 2'])
  })

  test.each([
    [['--idempotency-key', ' '], '--idempotency-key is empty'],
    [['--idempotency-key', 'a', '--upsert', 'b'], 'exclude each other'],
  ])('%j is a usage error', async (flags, problem) => {
    const run = await chat.alice.run(['messages', 'send', '1', 'x', ...flags])
    expect(run).toMatchObject({code: 2, stderr: expect.stringContaining(problem)})
  })
})
