import {describe, expect, test} from 'vitest'
import {DIALECTS, documentOf, errorOf, RFC_3339, signIn, useChat} from '../../support/chat.js'
import {atTerminal} from '../../support/veza.js'

interface Report {
  readonly message_count: number
  readonly top_contributors: readonly {readonly id: number; readonly username: string}[]
  readonly history?: {
    readonly messages_read: number
    readonly counts: readonly {readonly at: string; readonly message_count: number}[]
  }
}

describe.each(DIALECTS)('rooms stats, %s', dialect => {
  const chat = useChat({dialect})

  /** A room in which bob wrote three messages and alice one. */
  async function busyRoom() {
    const room = await chat.room()
    await chat.post(room.id, ['one', 'two', 'three'])
    await chat.post(room.id, ['four'], 'alice')
    return room
  }

  test('the numbers of the server, people with their ids', async () => {
    const {name} = await busyRoom()
    const stats = documentOf<Report>(
      await chat.alice.run(['rooms', 'stats', name, '--period', '24h', '--json']),
    )
    expect(stats).toMatchObject({
      period: '24h',
      message_count: 4,
      active_users: 2,
      pinned_messages: 0,
      reactions_count: 0,
      peak_activity: {message_count: expect.any(Number)},
      top_contributors: [
        {id: 3, username: 'bob', message_count: 3},
        {id: 2, username: 'alice', message_count: 1},
      ],
    })
    expect(stats).not.toHaveProperty('history')
  })

  test('a pipe gets a field a line', async () => {
    const {id} = await busyRoom()
    const run = await chat.bob.run(['rooms', 'stats', `${id}`])
    expect(run).toMatchObject({code: 0, stderr: ''})
    expect(run.stdout).toMatch(
      /^messages:\t4\nactive users:\t2\nnew members:\t2\npinned:\t0\nreactions:\t0\npeak:\t\d{4}-\d\d-\d\d \d\d:00 \(\d messages\)\nby bob:\t3\nby alice:\t1\n$/,
    )
  })

  test('a format for programs has no charts, at a terminal neither', async () => {
    const {id} = await busyRoom()
    const {screen} = await atTerminal(chat.bob, ['rooms', 'stats', `${id}`, '--format', 'csv'])
    expect(screen).toMatch(/^messages,active users,[a-z ,]*,by bob,by alice\n4,2,.*,3,1\n$/)
  })

  test('--by reads history and says so', async () => {
    const {name} = await busyRoom()
    const run = await chat.bob.run(['rooms', 'stats', name, '--by', 'hour', '--period', '24h', '--json'])
    const {history} = documentOf<Report>({...run, stderr: ''})
    expect(run.stderr).toBe('counted 4 messages of history by hour, in UTC\n')
    expect(history?.messages_read).toBe(4)
    expect(history?.counts).toHaveLength(25)
    expect(history?.counts.reduce((sum, {message_count}) => sum + message_count, 0)).toBe(4)
    const pipe = await chat.bob.run(['rooms', 'stats', name, '--by', 'day', '-q'])
    expect(pipe.stderr).toBe('')
    expect(pipe.stdout.match(new RegExp(`\n${RFC_3339.source}:\t\\d`, 'g'))).toHaveLength(8)
  })

  test('a person sees bars of people, and a character an hour', async () => {
    const {name} = await busyRoom()
    const args = ['rooms', 'stats', name, '--by', 'hour', '--period', '24h']
    const {screen} = await atTerminal(chat.bob, args)
    expect(screen).toMatch(/top contributors:\S* bob {4}3 {2}█{20,}\n {18}alice {2}1 {2}█+[▏▎▍▌▋▊▉]?\n/)
    expect(screen).toMatch(/by hour \(UTC\):\S* +0 {5}6 {5}12 {4}18\n/)
    expect(screen).toMatch(/\n +\d{4}-\d\d-\d\d {2}[▁▂▃▄▅▆▇█]{24} {2}4\n/)
    expect(screen).not.toContain('by bob')
  })

  test('a terminal without UTF-8 gets ASCII', async () => {
    const {name} = await busyRoom()
    const {screen} = await atTerminal(chat.bob, ['rooms', 'stats', name, '--by', 'day'], {env: {LC_ALL: 'C'}})
    expect(screen).toMatch(/bob {4}3 {2}#{20,}\n/)
    expect(screen).toMatch(/\d{4}-\d\d-\d\d {2}4 {2}#+\n/)
    expect([...screen].every(character => character <= '~')).toBe(true)
  })

  test('a terminal with --json gets the document', async () => {
    const {name} = await busyRoom()
    const {screen} = await atTerminal(chat.bob, ['rooms', 'stats', name, '--json'])
    expect(JSON.parse(screen)).toMatchObject({message_count: 4})
  })

  test('an empty room has no peak and no people', async () => {
    const {id} = (await chat.call('alice', 'POST', '/rooms', {name: 'quiet'})) as {id: number}
    const {screen} = await atTerminal(chat.alice, ['rooms', 'stats', `${id}`])
    expect(screen).not.toMatch(/peak|contributors/)
    expect((await chat.alice.run(['rooms', 'stats', 'quiet'])).stdout).toContain('\npeak:\t\n')
  })

  test('is for members and for admins of the server', async () => {
    const {id} = (await chat.call('alice', 'POST', '/rooms', {name: 'private', is_public: false})) as {
      id: number
    }
    const token = await signIn(chat.url, 'admin')
    const args = ['rooms', 'stats', `${id}`, '--json']
    const denied = await chat.bob.run(args)
    expect([denied.code, errorOf(denied).code]).toEqual([9, 'forbidden'])
    expect(documentOf(await chat.bob.run(args, {env: {VEZA_TOKEN: token}}))).toMatchObject({room_id: id})
    expect((await chat.bob.run(['rooms', 'stats', '999'], {env: {VEZA_TOKEN: token}})).code).toBe(7)
  })

  test('a period that the server does not take is its word, one that cannot be counted is ours', async () => {
    const refused = await chat.bob.run(['rooms', 'stats', 'general', '--period', 'soon'])
    expect(refused).toMatchObject({code: 3, stdout: ''})
    const usage = await chat.bob.run(['rooms', 'stats', 'general', '--period', 'soon', '--by', 'day'])
    expect(usage).toEqual({
      code: 2,
      stdout: '',
      stderr: 'error: --by wants a --period such as 24h, 7d or 4w\n',
    })
    const unit = await chat.bob.run(['rooms', 'stats', 'general', '--by', 'week'])
    expect(unit).toMatchObject({code: 2, stdout: ''})
  })
})
