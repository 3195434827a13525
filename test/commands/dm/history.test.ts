import {describe, expect, test} from 'vitest'
import {DIALECTS, ESCAPE, RFC_3339, recordsOf, useChat} from '../../support/chat.js'
import {atTerminal} from '../../support/veza.js'

describe.each(DIALECTS)('dm history, %s', dialect => {
  const chat = useChat({dialect})

  test('where there is no conversation there are no messages, and none is opened', async () => {
    const run = await chat.alice.run(['dm', 'history', 'bob'])
    expect(run).toEqual({code: 0, stdout: '', stderr: 'no messages\n'})
    expect((await chat.alice.run(['dm', 'list', '--json'])).stdout).toBe('[]\n')
  })

  test('both sides read the same, oldest first', async () => {
    await chat.alice.run(['dm', 'send', 'bob', 'one'])
    await chat.bob.run(['dm', 'send', 'alice', 'two\u001b[31m'])
    const json = await chat.bob.run(['dm', 'history', '@alice', '--json'])
    expect(recordsOf(json)).toMatchObject([
      {content: 'one', username: 'alice', conversation_id: expect.any(Number)},
      {content: 'two\u001b[31m', username: 'bob', conversation_id: expect.any(Number)},
    ])
    const {code, stdout, stderr} = await chat.alice.run(['dm', 'history', '3'])
    expect({code, stderr}).toEqual({code: 0, stderr: ''})
    expect(stdout).toMatch(new RegExp(`^${RFC_3339.source}\talice\tone\n${RFC_3339.source}\tbob\ttwo\n$`))
  })

  test('a person gets a transcript', async () => {
    const {screen} = await atTerminal(chat.alice, ['dm', 'history', 'bob', '--last', '1'])
    expect(screen.replaceAll(new RegExp(`${ESCAPE}\\[[\\d;]+m`, 'g'), '')).toMatch(
      /^\d\d:\d\d:\d\d bob: two\n$/,
    )
  })

  test('the flags are those of messages history', async () => {
    const from = await chat.alice.run(['dm', 'history', 'bob', '--from', 'me', '--all', '--json'])
    expect(recordsOf(from).map(row => row.content)).toEqual(['one'])
    const id = recordsOf(from)[0]?.id
    const since = await chat.alice.run(['dm', 'history', 'bob', '--since', `${id}`, '--json'])
    expect(recordsOf(since).map(row => row.username)).toEqual(['bob'])
    const both = await chat.alice.run(['dm', 'history', 'bob', '--since', '1h', '--last', '2'])
    expect(both).toMatchObject({code: 2, stdout: ''})
  })

  test('nobody is 7, nothing is 2', async () => {
    expect((await chat.alice.run(['dm', 'history', 'nobody'])).code).toBe(7)
    expect((await chat.alice.run(['dm', 'history'])).code).toBe(2)
  })
})
