import {describe, expect, test} from 'vitest'
import {DIALECTS, documentOf, ESCAPE, errorOf, RFC_3339, useChat} from '../../support/chat.js'
import {atTerminal} from '../../support/veza.js'

describe.each(DIALECTS)('rooms get, %s', dialect => {
  const chat = useChat({dialect})

  test('by id, name and #name it is the same room', async () => {
    const runs = await Promise.all(
      ['1', 'general', '#general', '#GENERAL'].map(room => chat.bob.run(['rooms', 'get', room, '--json'])),
    )
    const ids = runs.map(run => documentOf(run).id)
    expect(ids).toEqual([1, 1, 1, 1])
  })

  test('digits are an id, #digits a name', async () => {
    const {id} = documentOf(await chat.alice.run(['rooms', 'create', '123', '--json']))
    const [byName, byId] = await Promise.all([
      chat.alice.run(['rooms', 'get', '#123', '--json']),
      chat.alice.run(['rooms', 'get', '123', '--json']),
    ])
    expect(documentOf(byName)).toMatchObject({id, name: '123'})
    expect(byId).toMatchObject({code: 7, stdout: ''})
    expect(errorOf(byId)).toMatchObject({code: 'not_found', server_code: 'ROOM_NOT_FOUND'})
  })

  test('a pipe gets a field a line, with exact times', async () => {
    const {stdout} = await chat.bob.run(['rooms', 'get', 'general'])
    expect(stdout).toMatch(/^id:\t1\nname:\t#general\nvisibility:\tpublic\n/)
    expect(stdout).toMatch(new RegExp(`\ncreated:\t${RFC_3339.source}\n`))
    expect(stdout).not.toContain(ESCAPE)
  })

  test('a person gets aligned fields, relative times and colour', async () => {
    const {screen} = await atTerminal(chat.bob, ['rooms', 'get', 'general'])
    expect(screen).toContain(`${ESCAPE}[1m#general`)
    expect(screen).toMatch(/created:\S* +(just now|\d+ s ago)\n/)
    expect(screen).not.toMatch(RFC_3339)
  })

  test('what other people wrote moves no cursor, and is exact in JSON', async () => {
    const description = 'red \u001b[31malert\u001b[0m\nsecond \u202eline'
    const {id} = documentOf(
      await chat.alice.run(['rooms', 'create', 'hostile', '--description', description, '--json']),
    )
    const [pipe, json] = await Promise.all([
      chat.bob.run(['rooms', 'get', `${id}`]),
      chat.bob.run(['rooms', 'get', `${id}`, '--json']),
    ])
    expect(pipe.stdout).toContain('description:\tred alert⏎second \\u{202e}line\n')
    expect(documentOf(json).description).toBe(description)
  })
})

describe('rooms get, rooms that are not there', () => {
  const chat = useChat()

  test('an unknown name is 7, with the nearest one', async () => {
    const {code, stdout, stderr} = await chat.alice.run(['rooms', 'get', 'genral'])
    expect({code, stdout}).toEqual({code: 7, stdout: ''})
    expect(stderr).toBe('error: there is no room "genral"\nhint: did you mean "general"?\n')
  })

  test.each([
    ['99999999999999999999', 'error: ROOM: no id is 0 or above 2^53 - 1\n'],
    ['0', 'error: ROOM: no id is 0 or above 2^53 - 1\n'],
    ['#', 'error: ROOM is empty\n'],
    ['', 'error: ROOM is empty\n'],
  ])('%j is a usage error', async (room, message) => {
    const run = await chat.alice.run(['rooms', 'get', room])
    expect(run).toEqual({code: 2, stdout: '', stderr: message})
  })

  test('somebody else’s private room is not found or forbidden', async () => {
    const {id} = (await chat.call('alice', 'POST', '/rooms', {name: 'secret', is_public: false})) as {
      id: number
    }
    const {code, stdout} = await chat.bob.run(['rooms', 'get', `${id}`])
    expect([7, 9]).toContain(code)
    expect(stdout).toBe('')
  })
})
