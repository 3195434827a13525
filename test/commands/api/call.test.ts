import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {DIALECTS, documentOf, ESCAPE, errorOf, rowsOf, useChat} from '../../support/chat.js'
import {atTerminal} from '../../support/veza.js'

describe.each(DIALECTS)('api, %s', dialect => {
  const chat = useChat({dialect})

  test('prints the data of the answer in the words of the server', async () => {
    const data = documentOf(await chat.alice.run(['api', 'GET', '/users/me']))
    expect(data).toEqual(await chat.call('alice', 'GET', '/users/me'))
  })

  test('with fields, input and pages', async () => {
    const made = documentOf(
      await chat.alice.run(['api', 'post', 'rooms', '-f', `name=api-${dialect}`, '-F', 'is_public=false']),
    )
    expect(made).toMatchObject({name: `api-${dialect}`, is_public: false})
    await chat.post(Number(made.id), ['a', 'b', 'c'], 'alice')
    const put = ['api', 'PUT', `/rooms/${made.id}`, '--input', '-']
    const changed = documentOf(await chat.alice.run(put, {stdin: '\ufeff{"description": "new"}'}))
    expect(changed).toMatchObject({id: made.id, description: 'new'})
    const pages = ['api', 'GET', `/rooms/${made.id}/messages?limit=2`, '--paginate']
    const rows = documentOf<{content: string}[]>(await chat.alice.run(pages))
    expect(rows.map(row => row.content)).toEqual(['c', 'b', 'a'])
    const rooms = documentOf<unknown[]>(
      await chat.alice.run(['api', 'GET', '/rooms', '-F', 'limit=1', '--paginate']),
    )
    expect(rooms).toEqual(rowsOf(await chat.call('alice', 'GET', '/rooms'), 'rooms'))
  })

  test('an answer without data prints nothing', async () => {
    const {id} = await chat.room()
    const {code, stdout} = await chat.alice.run(['api', 'DELETE', `/rooms/${id}`])
    expect(code).toBe(0)
    expect(stdout === '' || stdout === 'null\n').toBe(true)
  })

  test('a person gets indented JSON that moves no cursor', async () => {
    const {id} = await chat.room()
    await chat.post(id, ['\u001b[31mred \u202e'])
    const {screen} = await atTerminal(chat.bob, ['api', 'GET', `/rooms/${id}/messages`])
    expect(screen).toContain('\n    ')
    expect(screen).toContain('\\u001b[31mred \\u202e')
    expect(screen).not.toContain(ESCAPE)
  })
})

describe('api, what goes wrong', () => {
  const chat = useChat()

  test('fails as every command', async () => {
    const missing = await chat.alice.run(['api', 'GET', '/rooms/99', '--json'])
    expect(missing).toMatchObject({code: 7, stdout: ''})
    expect(errorOf(missing)).toMatchObject({code: 'not_found', status: 404, server_code: 'ROOM_NOT_FOUND'})
    expect((await chat.bob.run(['api', 'GET', '/admin/stats'])).code).toBe(9)
    expect((await chat.bob.run(['api', 'POST', '/rooms', '-f', 'name='])).code).toBe(3)
  })

  test('--include shows status and headers on stderr, and no token', async () => {
    const {stdout, stderr} = await chat.alice.run(['api', 'GET', '/users/me', '-i'])
    expect(stderr).toMatch(/^HTTP 200\n(.+: .+\n)+$/)
    expect(stdout + stderr).not.toContain(chat.token('alice'))
  })

  test('-F @FILE is a file’s text, a missing one is 2', async () => {
    const path = join(chat.alice.folder, 'body.txt')
    writeFileSync(path, 'line 1\nline 2\n')
    const {id} = await chat.room()
    const send = ['api', 'POST', `/rooms/${id}/messages`, '-F']
    await chat.alice.run([...send, `content=@${path}`])
    expect(await chat.contents(id)).toEqual(['line 1\nline 2\n'])
    expect((await chat.alice.run([...send, 'content=@/none'])).code).toBe(2)
  })

  test.each([
    [['api', 'GET', 'http://127.0.0.1:1/api/v1/rooms'], /names another server/],
    [['api', 'BREW', '/rooms'], /METHOD is one of/],
    [['api', 'POST', '/rooms', '--paginate'], /--paginate goes with GET/],
    [['api', 'GET', '/users/me', '--paginate'], /--paginate wants a list/],
    [['api', 'GET', '/rooms', '-H', 'Authorization: Bearer x'], /-H does not set authorization/],
  ])('%j is 2', async (args, message) => {
    const {code, stdout, stderr} = await chat.alice.run(args)
    expect({code, stdout}).toEqual({code: 2, stdout: ''})
    expect(stderr).toMatch(message)
  })
})
