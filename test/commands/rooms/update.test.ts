import {describe, expect, test} from 'vitest'
import {DIALECTS, documentOf, ESCAPE, errorOf, useChat} from '../../support/chat.js'
import {atTerminal} from '../../support/veza.js'

describe.each(DIALECTS)('rooms update, %s', dialect => {
  const chat = useChat({dialect})
  const room = (id: number) => chat.call('alice', 'GET', `/rooms/${id}`)

  test('a pipe gets the room as it is then; what is not given stays', async () => {
    const {id, name} = await chat.room()
    const first = await chat.alice.run(['rooms', 'update', name, '--description', 'What went out'])
    expect(first).toMatchObject({code: 0, stderr: ''})
    expect(first.stdout).toContain(`\nname:\t#${name}\n`)
    expect(first.stdout).toMatch(/\ndescription:\tWhat went out\n$/)
    await chat.alice.run(['rooms', 'update', `#${name}`, '--name', `${name}-new`])
    expect(await room(id)).toMatchObject({name: `${name}-new`, description: 'What went out'})
  })

  test('a person sees it', async () => {
    const {id} = await chat.room()
    const {code, screen} = await atTerminal(chat.alice, ['rooms', 'update', `${id}`, '--name', `seen-${id}`])
    expect(code).toBe(0)
    expect(screen).toContain(`${ESCAPE}[1m#seen-${id}`)
  })

  test('--json is the room; an empty description takes it away', async () => {
    const {id} = await chat.room()
    await chat.alice.run(['rooms', 'update', `${id}`, '--description', 'x'])
    const run = await chat.alice.run(['rooms', 'update', `${id}`, '--description', '', '--json'])
    expect(documentOf(run)).toMatchObject({id, description: ''})
  })

  test('a member may not, a name in use is a conflict', async () => {
    const {id} = await chat.room()
    const denied = await chat.bob.run(['rooms', 'update', `${id}`, '--name', 'mine', '--json'])
    expect([denied.code, errorOf(denied).code]).toEqual([9, 'forbidden'])
    const taken = await chat.alice.run(['rooms', 'update', `${id}`, '--name', 'general', '--json'])
    expect([taken.code, errorOf(taken).code]).toEqual([8, 'conflict'])
  })
})

describe('rooms update, bad input', () => {
  const chat = useChat()

  test.each([
    [['general'], 2, 'error: nothing to change\nhint: give --name or --description\n'],
    [[], 2, /^error: missing argument ROOM\n/],
    [['nowhere', '--name', 'x'], 7, /^error: there is no room "nowhere"\n/],
    [['999', '--name', 'x'], 7, /HTTP 404/],
    [['general', '--name', 'n'.repeat(101)], 9, /HTTP 403/],
  ])('%j', async (words, code, stderr) => {
    const run = await chat.alice.run(['rooms', 'update', ...words])
    expect(run).toEqual({
      code,
      stdout: '',
      stderr: typeof stderr === 'string' ? stderr : expect.stringMatching(stderr),
    })
  })

  test('the owner learns that a name is too long', async () => {
    const {id} = await chat.room()
    const run = await chat.alice.run(['rooms', 'update', `${id}`, '--name', 'n'.repeat(101)])
    expect(run).toMatchObject({code: 3, stderr: expect.stringContaining('name')})
  })
})
