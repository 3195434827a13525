import {describe, expect, test} from 'vitest'
import {DIALECTS, documentOf, ESCAPE, useChat} from '../../support/chat.js'
import {atTerminal} from '../../support/veza.js'

describe.each(DIALECTS)('rooms delete, %s', dialect => {
  const chat = useChat({dialect})
  const exists = (id: number) =>
    chat.call('alice', 'GET', `/rooms/${id}`).then(
      () => true,
      () => false,
    )

  test('--yes deletes it', async () => {
    const {id, name} = await chat.room()
    const run = await chat.alice.run(['rooms', 'delete', name, '--yes'])
    expect(run).toEqual({code: 0, stdout: '', stderr: `deleted room ${id}\n`})
    expect(await exists(id)).toBe(false)
  })

  test('--json says what is gone', async () => {
    const {id} = await chat.room()
    expect(documentOf(await chat.alice.run(['rooms', 'delete', `${id}`, '-y', '--json']))).toEqual({
      id,
      deleted: true,
    })
  })

  test('where nobody can be asked it wants --yes, and says what would be lost', async () => {
    const {id, name} = await chat.room()
    const run = await chat.alice.run(['rooms', 'delete', name])
    expect(run).toEqual({
      code: 2,
      stdout: '',
      stderr: `error: not confirmed: delete #${name} (room ${id}) with 2 members and all its messages\nhint: confirm it with --yes\n`,
    })
    expect(await exists(id)).toBe(true)
  })

  test.each([
    ['n', 1, true],
    ['y', 0, false],
  ])('a person is asked, with its name and members; %s', async (typed, exit, stays) => {
    const {id, name} = await chat.room()
    const {code, screen} = await atTerminal(chat.alice, ['rooms', 'delete', `${id}`], {
      typing: [{prompt: '(y/N)', typed: `${typed}\r`}],
    })
    expect(code).toBe(exit)
    expect(screen).toContain(`Really delete #${name} (room ${id}) with 2 members and all its messages?`)
    expect(await exists(id)).toBe(stays)
  })

  test('a hostile name does nothing to the terminal', async () => {
    const name = `evil-${ESCAPE}[2J\u202e-${dialect}`
    const {id} = (await chat.call('alice', 'POST', '/rooms', {name})) as {id: number}
    const {screen} = await atTerminal(chat.alice, ['rooms', 'delete', `${id}`], {
      typing: [{prompt: '(y/N)', typed: 'n\r'}],
    })
    expect(screen).toContain(`#evil-\\u{202e}-${dialect} (room ${id})`)
    expect(screen).not.toContain(`evil-${ESCAPE}`)
  })

  test('nobody else may', async () => {
    const {id} = await chat.room()
    expect(await chat.bob.run(['rooms', 'delete', `${id}`, '--yes'])).toMatchObject({code: 9, stdout: ''})
    expect((await chat.bob.run(['rooms', 'delete', '999', '--yes'])).code).toBe(7)
    expect(await exists(id)).toBe(true)
  })
})
