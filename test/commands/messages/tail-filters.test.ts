import {describe, expect, test} from 'vitest'
import {type Chat, DIALECTS, recordsOf, useChat} from '../../support/chat.js'
import {atTerminal} from '../../support/veza.js'

/** What of a room with messages of alice and bob passes the flags. */
async function passing(chat: Chat, ...flags: readonly string[]): Promise<unknown[]> {
  const run = await chat.alice.run([
    'messages',
    'tail',
    'talk',
    '--since',
    '0',
    '--until',
    '0s',
    '--json',
    ...flags,
  ])
  if (run.code !== 0) throw new Error(run.stderr)
  return recordsOf(run).map(({content}) => content)
}

describe.each(DIALECTS)('the filters of messages tail, %s', dialect => {
  const chat = useChat({dialect})

  test('from, grep, mentions and not-from-me, each and together', async () => {
    const {id} = (await chat.call('alice', 'POST', '/rooms', {name: 'talk'})) as {id: number}
    await chat.call('alice', 'POST', `/rooms/${id}/members`, {user_id: 3, role: 'member'})
    await chat.post(id, ['the build FAILED', 'hello @alice'], 'bob')
    await chat.post(id, ['it failed again', 'note to self @alice'], 'alice')
    expect(await passing(chat, '--from', 'bob')).toEqual(['the build FAILED', 'hello @alice'])
    expect(await passing(chat, '--from', '3,me')).toHaveLength(4)
    expect(await passing(chat, '--from', '@bob', '--from', '2')).toHaveLength(4)
    expect(await passing(chat, '--from', 'me')).toEqual(['it failed again', 'note to self @alice'])
    expect(await passing(chat, '--grep', 'fail')).toEqual(['it failed again'])
    expect(await passing(chat, '--grep', 'fail', '-i')).toEqual(['the build FAILED', 'it failed again'])
    expect(await passing(chat, '--mentions')).toEqual(['hello @alice', 'note to self @alice'])
    expect(await passing(chat, '--mentions', '--not-from-me')).toEqual(['hello @alice'])
    expect(await passing(chat, '--from', 'bob', '--grep', 'self')).toEqual([])
  })

  test('an API key knows whose it is', async () => {
    const {api_key: key, key: other} = (await chat.call('alice', 'POST', '/auth/api-keys', {
      name: `tail-${dialect}`,
      permissions: ['read', 'write'],
    })) as {api_key?: string; key?: string}
    const env = {VEZA_API_KEY: key ?? other ?? '', VEZA_TOKEN: ''}
    const args = ['messages', 'tail', 'talk', '--since', '0', '--until', '0s', '--not-from-me', '--json']
    const run = await chat.alice.run(args, {env})
    expect(run).toMatchObject({code: 0})
    expect(recordsOf(run).every(({username}) => username === 'bob')).toBe(true)
    expect(recordsOf(run)).toHaveLength(2)
  })
})

describe('what messages tail looks like', () => {
  const chat = useChat()

  test('--format, one line a message', async () => {
    const {id, name} = await chat.room()
    const [first] = await chat.post(id, ['one\ntwo \u001b[31m'])
    const args = ['messages', 'tail', name, '--last', '1', '--count', '1', '--format']
    const run = await chat.alice.run([...args, String.raw`{{id}}\t{{username}}: {{content}}`])
    expect(run).toMatchObject({code: 0, stdout: `${first}\tbob: one⏎two \n`})
  })

  test('--format with an unknown field names it, with --json it is refused', async () => {
    const args = ['messages', 'tail', 'general', '--format', '{{contents}}']
    const run = await chat.alice.run(args)
    expect(run.stderr).toMatch(
      /^error: --format: there is no field contents\nhint: did you mean content\? there are id, /,
    )
    const json = await chat.alice.run([...args, '--json'])
    expect(json.code).toBe(2)
    expect(json.stderr).toContain('give --format or --json, not both')
  })

  test('--highlight and one own name are set off at a terminal, and in a pipe nothing is', async () => {
    const {id, name} = await chat.room()
    await chat.post(id, ['deploy by @alice now'])
    const args = ['messages', 'tail', name, '--last', '1', '--count', '1', '--highlight', 'depl\\w+']
    const {screen} = await atTerminal(chat.alice, args)
    const bold = '\u001b[1m'
    expect(screen.split(bold)).toHaveLength(3)
    expect(screen).toMatch(/\u001b\[1m(\u001b\[\d+m)?deploy\u001b/)
    expect(screen).toMatch(/\u001b\[1m(\u001b\[\d+m)?@alice\u001b/)
    expect((await chat.alice.run(args)).stdout).toMatch(/\tdeploy by @alice now\n$/)
  })
})
