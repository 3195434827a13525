import {describe, expect, test} from 'vitest'
import {useChat} from '../../support/chat.js'
import {httpStub} from '../../support/http-stub.js'
import {makeDesk} from './kit.js'

describe('a setting of the user file', () => {
  const chat = useChat()

  test('api_path: calls go there', async () => {
    await using stub = await httpStub({body: {success: true, data: []}})
    const desk = makeDesk({VEZA_SERVER: stub.origin, VEZA_API_KEY: 'veza_ak_x'})
    desk.write({api_path: '/chat/v2/'})
    expect(await desk.run(['rooms', 'list'])).toMatchObject({code: 0, stderr: 'no rooms\n'})
    expect(stub.seen.map(({path}) => path)).toEqual(['/chat/v2/rooms'])
  })

  test('ws_path: the WebSocket is opened there', async () => {
    const desk = makeDesk({VEZA_SERVER: chat.url, VEZA_TOKEN: chat.token('alice')})
    const tail = [
      'messages',
      'tail',
      'general',
      '--last',
      '1',
      '--count',
      '1',
      '--retries',
      '0',
      '--timeout',
      '20',
    ]
    await chat.post(1, ['hello'])
    desk.write({ws_path: '/ws'})
    expect(await desk.run(tail)).toMatchObject({code: 0, stdout: expect.stringContaining('hello')})
    desk.write({ws_path: '/elsewhere'})
    expect((await desk.run(tail)).code).toBe(6)
  })

  test('room, of the profile in use: messages go there', async () => {
    const desk = makeDesk({VEZA_SERVER: chat.url, VEZA_TOKEN: chat.token('alice')})
    const {id, name} = await chat.room()
    desk.write({room: 'general', profile: 'work', profiles: {work: {room: name}}})
    expect((await desk.run(['messages', 'send', '-m', 'to the room of the profile'])).code).toBe(0)
    expect(await chat.contents(id)).toEqual(['to the room of the profile'])
  })

  test('format json, of a project: data is JSON and an error is, too', async () => {
    const desk = makeDesk({VEZA_SERVER: chat.url, VEZA_TOKEN: chat.token('alice')})
    desk.project('repo', {format: 'json'})
    expect((await desk.run(['rooms', 'list'], 'repo')).stdout).toMatch(/^\[\{"id":1,/)
    expect((await desk.run(['rooms', 'get', 'nowhere'], 'repo')).stderr).toMatch(
      /^\{"error":\{"code":"not_found"/,
    )
  })
})
