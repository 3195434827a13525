import {describe, expect, test} from 'vitest'
import {DIALECTS, documentOf, errorOf, type Fields, useChat} from '../../support/chat.js'
import {atTerminal} from '../../support/veza.js'

describe.each(DIALECTS)('dm block and unblock, %s', dialect => {
  const chat = useChat({dialect})
  const isBlocked = async () =>
    documentOf<Fields[]>(await chat.bob.run(['dm', 'list', '--json']))[0]?.is_blocked

  test('there is nothing to unblock where there is no conversation, and none is made', async () => {
    const run = await chat.alice.run(['dm', 'unblock', 'bob', '--json'])
    expect(run).toMatchObject({code: 7, stdout: ''})
    expect(errorOf(run)).toMatchObject({message: 'there is no conversation with bob'})
    expect((await chat.alice.run(['dm', 'list'])).stdout).toBe('')
  })

  test('a block opens the conversation, and nobody writes there', async () => {
    const block = await chat.alice.run(['dm', 'block', 'bob', '--json'])
    expect(documentOf(block)).toEqual({conversation_id: expect.any(Number), user_id: 3, blocked: true})
    expect(block.stderr).toBe('blocked the conversation with bob\n')
    expect(await isBlocked()).toBe(true)
    for (const [home, user] of [
      [chat.alice, 'bob'],
      [chat.bob, 'alice'],
    ] as const) {
      const run = await home.run(['dm', 'send', user, 'hello', '--json'])
      expect(run.code).toBe(8)
      expect(errorOf(run)).toMatchObject({code: 'conflict', server_code: 'CONVERSATION_BLOCKED'})
    }
    expect((await chat.alice.run(['dm', 'list'])).stdout).toContain('\tblocked\t')
    expect((await chat.alice.run(['dm', 'history', 'bob'])).code).toBe(0)
  })

  test('each takes back its own block only, as often as it likes', async () => {
    await chat.bob.run(['dm', 'block', '2'])
    const [first, again] = [
      await chat.alice.run(['dm', 'unblock', '@bob']),
      await chat.alice.run(['dm', 'unblock', '@bob', '--json']),
    ]
    expect(first).toEqual({code: 0, stdout: '', stderr: 'no longer blocking the conversation with bob\n'})
    expect(documentOf(again)).toMatchObject({user_id: 3, blocked: false})
    expect(await isBlocked()).toBe(true)
    await chat.bob.run(['dm', 'unblock', 'alice'])
    expect(await isBlocked()).toBe(false)
    expect((await chat.alice.run(['dm', 'send', 'bob', 'friends again'])).code).toBe(0)
  })

  test('a person sees it', async () => {
    const {code, screen} = await atTerminal(chat.alice, ['dm', 'block', 'bob'])
    expect({code, screen}).toEqual({code: 0, screen: 'blocked the conversation with bob\n'})
    const list = await atTerminal(chat.alice, ['dm', 'list'])
    expect(list.screen).toMatch(/bob.*blocked/)
  })

  test('an unknown user is 7, oneself is refused', async () => {
    expect((await chat.alice.run(['dm', 'block', 'nobody'])).code).toBe(7)
    expect((await chat.alice.run(['dm', 'unblock', 'nobody'])).code).toBe(7)
    expect((await chat.alice.run(['dm', 'block', 'me'])).code).toBe(3)
  })
})
