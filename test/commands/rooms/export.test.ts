import {mkdirSync, readdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {acquireLock} from '../../../src/lib/state/lock.js'
import {DIALECTS, documentOf, errorOf, type Fields, recordsOf, useChat} from '../../support/chat.js'
import {atTerminal, type Home} from '../../support/veza.js'
import {bytesOf, chainOf} from '../../unit/export/kit.js'

/** One export into a folder of the home. */
async function exported(home: Home, words: readonly string[], output = 'backup'): Promise<Fields> {
  const run = await home.run(['rooms', 'export', ...words, '--output', join(home.folder, output), '--json'])
  return documentOf(run)
}

/** A file of the room; its address is in the metadata of no message yet. */
async function uploaded(
  home: Home,
  room: number,
  name: string,
  text: string,
): Promise<{file_id: number; url: string}> {
  writeFileSync(join(home.folder, name), text)
  return documentOf(
    await home.run(['files', 'upload', join(home.folder, name), '--room', `${room}`, '--json']),
  )
}

describe.each(DIALECTS)('rooms export, %s', dialect => {
  const chat = useChat({dialect})

  test('a room with its threads, reactions and files; verify finds it whole', async () => {
    const {alice, bob} = chat
    const room = await chat.room()
    const [first = 0] = await chat.post(room.id, ['first', 'second'])
    await chat.call('alice', 'POST', `/messages/${first}/reactions`, {emoji: '👍'})
    await chat.call('alice', 'POST', `/rooms/${room.id}/messages`, {content: 'a reply', parent_id: first})
    const file = await uploaded(bob, room.id, 'notes.txt', 'some notes')
    await chat.post(room.id, [`see ${file.url}`])
    const record = await exported(alice, [room.name])
    const folder = join(alice.folder, 'backup')
    expect(record).toMatchObject({
      room_id: room.id,
      name: room.name,
      folder,
      messages: 4,
      new_messages: 4,
      files: 1,
      members_complete: true,
      resumed: false,
    })
    const chain = chainOf(folder)
    expect(chain.map(({kind}) => kind).join()).toBe('run,room,members,message,message,message,message,file')
    expect(chain[3]?.message).toMatchObject({
      content: 'first',
      username: 'bob',
      reactions: [{emoji: '👍', count: 1, users: [{username: 'alice'}]}],
    })
    expect(chain[5]?.message).toMatchObject({content: 'a reply', parent_id: first})
    const path = `files/${file.file_id}-notes.txt`
    expect(bytesOf(folder).get(path)?.toString()).toBe('some notes')
    const verified = await alice.run(['export', 'verify', folder, '--root', String(record.root), '--json'])
    expect(documentOf(verified)).toMatchObject({ok: true, messages: 4, files: 1, root: record.root})
  })

  test('again: nothing new leaves every byte, then what was edited, deleted, sent and renamed is added', async () => {
    const room = await chat.room()
    const [edited = 0, deleted = 0] = await chat.post(room.id, ['one', 'two', 'three'])
    const folder = join(chat.alice.folder, 'again')
    await exported(chat.alice, [room.name], 'again')
    const before = bytesOf(folder)
    await exported(chat.alice, [`${room.id}`], 'again')
    expect(bytesOf(folder)).toEqual(before)
    await chat.bob.run(['messages', 'edit', `${edited}`, 'one, edited'])
    await chat.bob.run(['messages', 'delete', `${deleted}`, '--yes'])
    await chat.post(room.id, ['four'])
    const record = await exported(chat.alice, [room.name], 'again')
    expect(record).toMatchObject({messages: 4, new_messages: 1, new_revisions: 1, new_deletions: 1})
    const added = chainOf(folder).slice(6)
    expect(added.map(({kind, message}) => [kind, message?.content])).toEqual([
      ['run', undefined],
      ['message', 'four'],
      ['revision', 'one, edited'],
      ['deleted', undefined],
    ])
  })

  test('a conversation', async () => {
    await chat.bob.run(['dm', 'send', 'alice', 'only for you'])
    const record = await exported(chat.alice, ['--dm', 'bob'], 'dm')
    expect(record).toMatchObject({name: 'bob', messages: 1, conversation_id: expect.any(Number)})
    expect(chainOf(join(chat.alice.folder, 'dm')).map(({kind}) => kind)).toEqual([
      'run',
      'conversation',
      'message',
    ])
  })

  test('several go each into a folder of its own, and keep it when they are renamed', async () => {
    const [one, two] = [await chat.room(), await chat.room()]
    await chat.post(one.id, ['here'])
    const output = join(chat.alice.folder, 'several')
    const first = recordsOf(
      await chat.alice.run([
        'rooms',
        'export',
        one.name,
        two.name,
        '--dm',
        'bob',
        '--output',
        output,
        '--json',
      ]),
    )
    expect(first).toHaveLength(3)
    await fetch(`${chat.url}/api/v1/rooms/${one.id}`, {
      method: 'PUT',
      headers: {authorization: `Bearer ${chat.token('alice')}`, 'content-type': 'application/json'},
      body: JSON.stringify({name: `renamed ${one.id}`}),
    })
    const all = await chat.alice.run(['rooms', 'export', '--all', '--output', output, '--json'])
    const again = recordsOf(all).find(({room_id}) => room_id === one.id)
    expect(again).toMatchObject({folder: first[0]?.folder, name: `renamed ${one.id}`, new_messages: 0})
    expect(chainOf(String(first[0]?.folder)).at(-1)?.room?.name).toBe(`renamed ${one.id}`)
    const verified = await chat.alice.run(['export', 'verify', output, '--json'])
    expect(verified.code).toBe(0)
    expect(recordsOf(verified)).toHaveLength(readdirSync(output).length)
  })

  test('a person sees what was exported, a pipe gets columns', async () => {
    const room = await chat.room()
    await chat.post(room.id, ['/files/99999/download'])
    const words = ['rooms', 'export', room.name, '--output', join(chat.bob.folder, 'person')]
    const {code, screen} = await atTerminal(chat.bob, words)
    expect(code).toBe(0)
    expect(screen).toMatch(/1 message, 0 files, 1 file that the server does not give \(1 new\) in .*person\n/)
    expect(screen).toMatch(/root [0-9a-f]{64}/)
    const {stdout, stderr} = await chat.bob.run(words)
    expect(stdout).toMatch(new RegExp(`^#${room.name}\t\\S+\t1\t0\t0\t0\t0\t[0-9a-f]{64}\n$`))
    expect(stderr).toBe('')
  })
})

describe('rooms export refuses', () => {
  const chat = useChat()
  const into = (home: Home, name: string): string => join(home.folder, name)

  test('a folder of something else, of another room, and one in use', async () => {
    const {alice} = chat
    const [room, other] = [await chat.room(), await chat.room()]
    mkdirSync(into(alice, 'photos'))
    writeFileSync(join(into(alice, 'photos'), 'a.jpg'), '')
    const foreign = await alice.run([
      'rooms',
      'export',
      room.name,
      '--output',
      into(alice, 'photos'),
      '--json',
    ])
    expect(foreign).toMatchObject({code: 8, stdout: ''})
    expect(readdirSync(into(alice, 'photos'))).toEqual(['a.jpg'])
    await exported(alice, [room.name], 'mine')
    const wrong = await alice.run(['rooms', 'export', other.name, '--output', into(alice, 'mine')])
    expect(wrong).toMatchObject({
      code: 8,
      stdout: '',
      stderr: expect.stringContaining(`is an export of room ${room.id}`),
    })
    const several = await alice.run(['rooms', 'export', '--all', '--output', into(alice, 'mine')])
    expect(several).toMatchObject({code: 8, stderr: expect.stringContaining('is the export of one room')})
    const release = await acquireLock(join(into(alice, 'mine'), '.lock'))
    const second = await alice.run(['rooms', 'export', room.name, '--output', into(alice, 'mine')])
    release()
    expect(second).toMatchObject({code: 8, stderr: expect.stringContaining('another veza exports into')})
  })

  test.each([
    [['general'], 2, /^error: --output is missing\n/],
    [['--all', 'general', '--output', 'x'], 2, /rooms or --all/],
    [['--output', 'x'], 2, /room is missing/],
    [['nowhere', '--output', 'x'], 7, /no room "nowhere"/],
    [['general', '--output', '/proc/nothing'], 1, /cannot write/],
  ])('%j', async (words, code, message) => {
    const run = await chat.alice.run(['rooms', 'export', ...words])
    expect(run).toMatchObject({code, stdout: '', stderr: expect.stringMatching(message)})
  })

  test('records that were changed, and verify says which', async () => {
    const room = await chat.room()
    await chat.post(room.id, ['one', 'two'])
    await exported(chat.alice, [room.name], 'changed')
    const path = join(into(chat.alice, 'changed'), 'messages-00001.ndjson')
    const text = bytesOf(into(chat.alice, 'changed')).get('messages-00001.ndjson')!.toString()
    writeFileSync(path, text.replace('"one"', '"won"'))
    const again = await chat.alice.run([
      'rooms',
      'export',
      room.name,
      '--output',
      into(chat.alice, 'changed'),
      '--json',
    ])
    expect(errorOf(again)).toMatchObject({
      code: 'conflict',
      exit_code: 8,
    })
    const verified = await chat.alice.run(['export', 'verify', into(chat.alice, 'changed')])
    expect(verified.code).toBe(1)
    expect(verified.stdout).toMatch(/\tdamaged\t/)
    expect(verified.stdout).toContain('\n\tmessages-00001.ndjson:4: does not fit into the chain')
    expect(verified.stderr).toBe('error: the export is not as it was\n')
  })
})
