import {describe, expect, test} from 'vitest'
import {DIALECTS, documentOf, type Fields, RFC_3339, signIn, useChat} from '../../support/chat.js'
import {atTerminal} from '../../support/veza.js'

describe.each(DIALECTS)('rooms audit, %s', dialect => {
  const chat = useChat({dialect})
  const BOT = 4

  /** A room whose log has so many entries: the bot comes in again and again. */
  async function watchedRoom(entries: number) {
    const room = await chat.room()
    for (let count = 1; count < entries; count += 1) {
      await chat.call('alice', 'POST', `/rooms/${room.id}/members`, {user_id: BOT, role: 'member'})
      await remove(room.id)
    }
    return room
  }

  async function remove(roomId: number): Promise<void> {
    await fetch(`${chat.url}/api/v1/rooms/${roomId}/members/${BOT}`, {
      method: 'DELETE',
      headers: {authorization: `Bearer ${chat.token('alice')}`},
    })
  }

  test('newest first, exact in JSON', async () => {
    const {name} = await watchedRoom(2)
    const logs = documentOf<readonly Fields[]>(await chat.alice.run(['rooms', 'audit', name, '--json']))
    expect(logs.map(({action, user_id, moderator_id}) => [action, user_id, moderator_id])).toEqual([
      ['member_removed', BOT, 2],
      ['member_added', BOT, 2],
      ['member_added', 3, 2],
    ])
    expect(logs[0]).toMatchObject({details: {role: 'member'}, ip_address: '127.0.0.1'})
  })

  test('--action, for a pipe with exact times', async () => {
    const {id} = await watchedRoom(2)
    const {stdout} = await chat.alice.run(['rooms', 'audit', `${id}`, '--action', 'member_removed'])
    expect(stdout).toMatch(
      new RegExp(
        `^\\d+\t${RFC_3339.source}\tmember_removed\t2\t${BOT}\t127\\.0\\.0\\.1\t\\{"role":"member"\\}\n$`,
      ),
    )
    const none = await chat.alice.run(['rooms', 'audit', `${id}`, '--action', 'nothing'])
    expect(none).toEqual({code: 0, stdout: '', stderr: 'no records\n'})
  })

  test('a person gets a table', async () => {
    const {name} = await watchedRoom(1)
    const {screen} = await atTerminal(chat.alice, ['rooms', 'audit', name])
    expect(screen).toMatch(/ID.*TIME.*ACTION.*BY.*USER.*ADDRESS.*DETAILS/)
    expect(screen).toMatch(/just now|\d s ago/)
  })

  test('what is not shown is said', async () => {
    const {name} = await watchedRoom(3)
    const run = await chat.alice.run(['rooms', 'audit', name, '--limit', '2'])
    expect(run.stdout.split('\n')).toHaveLength(3)
    const words = dialect === 'reference' ? '2 of 5 records shown' : '2 records shown, perhaps not all'
    expect(run.stderr).toBe(`${words}: use --limit or --action\n`)
  })

  test('is for those who manage the room', async () => {
    const {id} = await chat.room()
    expect((await chat.bob.run(['rooms', 'audit', `${id}`])).code).toBe(9)
    const token = await signIn(chat.url, 'admin')
    expect((await chat.bob.run(['rooms', 'audit', `${id}`], {env: {VEZA_TOKEN: token}})).code).toBe(0)
    expect((await chat.alice.run(['rooms', 'audit', '999'])).code).toBe(7)
    expect((await chat.alice.run(['rooms', 'audit', `${id}`, '--limit', '101'])).code).toBe(2)
  })
})
