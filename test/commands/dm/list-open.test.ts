import {describe, expect, test} from 'vitest'
import {DIALECTS, documentOf, ESCAPE, errorOf, type Fields, RFC_3339, useChat} from '../../support/chat.js'
import {atTerminal} from '../../support/veza.js'

describe.each(DIALECTS)('dm open and list, %s', dialect => {
  const chat = useChat({dialect})

  test('there are none at first', async () => {
    const run = await chat.alice.run(['dm', 'list'])
    expect(run).toEqual({code: 0, stdout: '', stderr: 'no conversations\n'})
  })

  test('the same one is opened by id, name and @name, by either side', async () => {
    const runs = [
      await chat.alice.run(['dm', 'open', 'bob', '--json']),
      await chat.alice.run(['dm', 'open', '3', '--json']),
      await chat.alice.run(['dm', 'open', '@bob', '--json']),
      await chat.bob.run(['dm', 'open', 'alice', '--json']),
    ]
    const ids = runs.map(run => documentOf(run).conversation_id)
    expect(new Set(ids).size).toBe(1)
    expect(documentOf(runs[0]!)).toMatchObject({other_user: {id: 3, username: 'bob'}, is_blocked: false})
    expect(documentOf(runs[0]!)).not.toHaveProperty('id')
  })

  test('a list says whom with, what is unread and what came last', async () => {
    await chat.bob.run(['dm', 'send', 'alice', 'two\nlines\u001b[31m'])
    const {stdout} = await chat.alice.run(['dm', 'list'])
    const cells = stdout.trimEnd().split('\t')
    expect(cells).toEqual([
      expect.stringMatching(/^\d+$/),
      'bob',
      '1',
      'open',
      expect.stringMatching(RFC_3339),
      'two⏎lines',
    ])
    const [json] = documentOf<Fields[]>(await chat.alice.run(['dm', 'list', '--json']))
    expect(json).toMatchObject({unread_count: 1, last_message: {content: 'two\nlines\u001b[31m'}})
  })

  test('a person gets a table and details', async () => {
    const {screen} = await atTerminal(chat.alice, ['dm', 'list'])
    const plain = screen.replaceAll(new RegExp(`${ESCAPE}\\[[\\d;]+m`, 'g'), '')
    expect(plain).toMatch(
      /^ID +WITH +UNREAD +STATE +ACTIVE +LAST\n\d+ +bob +1 +open +(just now|\d+ s ago) +two⏎lines\n/,
    )
    expect(screen).toContain(`${ESCAPE}[1mbob`)
    const opened = await atTerminal(chat.alice, ['dm', 'open', 'bob'])
    expect(opened.screen).toMatch(/with:\S* +\S*bob/)
  })

  test('more than are shown is told', async () => {
    for (const user of ['admin', 'bot', 'bob']) await chat.alice.run(['dm', 'open', user])
    const {stdout, stderr} = await chat.alice.run(['dm', 'list', '--limit', '2'])
    expect(stdout.split('\n')).toHaveLength(3)
    expect(stderr).toMatch(/^2 (of 3 )?conversations shown(, perhaps not all)?: use --limit\n$/)
  })

  test('what cannot be opened', async () => {
    const nobody = await chat.alice.run(['dm', 'open', 'nobody', '--json'])
    expect(nobody.code).toBe(7)
    expect(errorOf(nobody)).toMatchObject({code: 'not_found', message: 'there is no user "nobody"'})
    expect((await chat.alice.run(['dm', 'open', 'me'])).code).toBe(3)
    expect((await chat.alice.run(['dm', 'open', '4242'])).code).toBe(7)
    expect((await chat.alice.run(['dm', 'open'])).code).toBe(2)
    expect((await chat.alice.run(['dm', 'list', '--limit', '101'])).code).toBe(2)
  })
})
