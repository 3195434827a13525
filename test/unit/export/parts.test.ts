import {createHash} from 'node:crypto'
import {readFile} from 'node:fs/promises'
import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import type {Message} from '../../../src/contract/resources.js'
import {onDisk} from '../../../src/lib/export/disk.js'
import {folderName, folderPrefix, storedName} from '../../../src/lib/export/file-name.js'
import {isSameAbout, isSameMessage} from '../../../src/lib/export/known.js'
import {mentionedFiles} from '../../../src/lib/export/mentions.js'
import {blockJson, pageHead} from '../../../src/lib/export/page-parts.js'
import {PageRows} from '../../../src/lib/export/page-rows.js'
import {pagesBack} from '../../../src/lib/export/pages-back.js'

const SERVER = 'https://chat.test'

const message = (more: Partial<Message>): Message => ({id: 1, content: '', ...more})

describe('the files that a message names', () => {
  test.each<[string, Partial<Message>, number[]]>([
    ['an address of the server', {content: `see ${SERVER}/api/v1/files/7/download.`}, [7]],
    ['a path', {content: '/api/v1/files/7/download and /files/8/download'}, [7, 8]],
    ['an address in brackets', {content: `[log](${SERVER}/api/v1/files/7/download)`}, [7]],
    ['another server', {content: 'https://else.test/api/v1/files/7/download'}, []],
    ['another server by a query', {content: `https://else.test/?to=${SERVER}/files/7/download`}, []],
    ['another server without its scheme', {content: '//else.test/files/7/download'}, []],
    ['what only looks like it', {content: '/files/7/downloads /files/x/download /files/7'}, []],
    ['no number that is an id', {content: '/files/0/download /files/9999999999999999/download'}, []],
    ['a field of the metadata', {metadata: {file_id: 7, more: {file_id: '8'}}}, [7, 8]],
    [
      'lists of the metadata',
      {metadata: {file_ids: [7, 8], attachments: [{id: 9}], files: [{file_id: 10}]}},
      [7, 8, 9, 10],
    ],
    ['an address in the metadata', {metadata: {url: `${SERVER}/api/v1/files/7/download`}}, [7]],
    ['an id of something else', {metadata: {id: 7, user: {id: 8}, file_id: null}}, []],
  ])('%s', (_what, fields, expected) => {
    expect([...mentionedFiles(message(fields), SERVER)]).toEqual(expected)
  })

  test('a long text, and metadata as deep as somebody wants, do not go out of hand', () => {
    const text = `${'x'.repeat(2_000_000)}/files/7/download`
    const deep = JSON.parse(`${'{"a":'.repeat(5000)}{"file_id":1}${'}'.repeat(5000)}`)
    expect([...mentionedFiles(message({content: text, metadata: deep}), SERVER)]).toEqual([7])
  })
})

describe('names', () => {
  test.each([
    ['report.pdf', '5-report.pdf'],
    ['../../etc/passwd', '5-passwd'],
    ['..\\..\\boot.ini', '5-boot.ini'],
    ['.bashrc', '5-bashrc'],
    ['a b\u0000\u001b[31m\u202egnp.exe', '5-a_b_31m_gnp.exe'],
    ['page.HTML', '5-page.HTML.txt'],
    ['image.svg', '5-image.svg.txt'],
    ['page.ehtml', '5-page.ehtml.txt'],
    ['feed.rss', '5-feed.rss.txt'],
    ['feed.atom.', '5-feed.atom.txt'],
    ['binding.xbl', '5-binding.xbl.txt'],
    ['schema.rng', '5-schema.rng.txt'],
    ['...', '5'],
    ['', '5'],
    ['CON', '5-CON'],
    ['größe 漢字.txt', '5-größe_漢字.txt'],
    [`${'é'.repeat(200)}.tar`, `5-${'é'.repeat(58)}.tar`],
  ])('%j is kept as %j', (name, expected) => {
    expect(storedName(5, name)).toBe(expected)
  })

  test('whatever the name, it is one of a single folder', () => {
    fc.assert(
      fc.property(fc.string({unit: 'binary'}), name => {
        const stored = storedName(5, name)
        expect(stored).toMatch(/^5(-[\p{L}\p{N}\p{M}._-]+)?$/u)
        expect(Buffer.byteLength(stored)).toBeLessThan(140)
      }),
    )
  })

  test('the folder of a room begins with its id, whatever it is called', () => {
    expect(folderName('room', 15, 'a/../b <c>')).toBe('room-15-a_b_c')
    expect(folderName('conversation', 3, '..')).toBe('dm-3')
    expect(folderPrefix('room', 15)).toBe('room-15')
  })
})

describe('what counts as a change', () => {
  const reactions = [
    {emoji: '👍', count: 2, users: [{id: 1}, {id: 2}]},
    {emoji: '🎉', count: 1, users: [{username: 'bob'}]},
  ]
  test('neither the number of replies nor the order of those who reacted', () => {
    const turned = [reactions[1]!, {emoji: '👍', count: 2, users: [{id: 2}, {id: 1}]}]
    const before = message({reactions, thread_count: 1, created_at: 'now'})
    expect(isSameMessage(before, message({created_at: 'now', reactions: turned, thread_count: 2}))).toBe(true)
  })
  test.each<Partial<Message>>([
    {content: 'other'},
    {is_pinned: true},
    {reactions: [reactions[0]!]},
    {reactions: [reactions[1]!, {emoji: '👍', count: 2, users: [{id: 1}, {id: 3}]}]},
    {metadata: {a: 1}},
  ])('but %j', change => {
    expect(isSameMessage(message({reactions}), message({reactions, ...change}))).toBe(false)
  })
  test('of a room its name, not who is there now', () => {
    const room = {id: 1, name: 'general', member_count: 3, items: [{id: 2, is_online: true}]}
    expect(isSameAbout(room, {...room, member_count: 4, items: [{id: 2, is_online: false}]})).toBe(true)
    expect(isSameAbout(room, {...room, name: 'other'})).toBe(false)
    expect(isSameAbout(room, {...room, items: [{id: 3, is_online: true}]})).toBe(false)
  })
})

describe('data in a page', () => {
  test('ends no block, begins no comment, and is exact', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom('</script>', '<!--', '<script', '\u2028', '\ud800', '&lt;', '"', '\\', 'a', '\0'),
        ),
        parts => {
          const json = blockJson(parts)
          expect(json).not.toMatch(/[<>&\u2028\u2029\ud800]/)
          expect(JSON.parse(json)).toEqual(parts)
        },
      ),
    )
  })

  test('the policy allows the script and the style by their hashes, and nothing else', () => {
    const head = pageHead({script: 'go()', style: 'a{}', body: ''})
    const hashOf = (source: string) => createHash('sha256').update(source).digest('base64')
    expect(head).toContain(
      `"default-src 'none'; script-src 'sha256-${hashOf('go()')}'; style-src 'sha256-${hashOf('a{}')}';`,
    )
    expect(head).not.toMatch(/unsafe|https?:/)
  })

  test('the oldest messages stay out where there are too many, with all that became of them', () => {
    const rows = new PageRows(SERVER, 3, 2)
    const record = {prev: '', seq: 1}
    const shown = [1, 2, 3].map(id => rows.row({...record, kind: 'message', message: message({id})}))
    const revisions = [1, 2].map(id => rows.row({...record, kind: 'revision', message: message({id})}))
    expect(shown.map(row => row?.[1])).toEqual([undefined, 2, 3])
    expect(revisions.map(row => row?.[1])).toEqual([undefined, 2])
    expect(rows.omitted).toBe(1)
  })

  test('a name turns nothing round, a text is exact', () => {
    const rows = new PageRows(SERVER, 1)
    const [username, content] = ['\u202eecila\u0007\u2066', '\u202etxet']
    const reactions = [{emoji: '\u202e!', count: 1, users: [{username}]}]
    const said = message({username, content, reactions})
    expect(rows.row({prev: '', seq: 1, kind: 'message', message: said})).toMatchObject({
      3: 'ecila',
      4: content,
      7: [['!', 1, ['ecila']]],
    })
    const file = {file_id: 5, name: 'plan\u202efdp.exe', path: 'files/5-a', bytes: 1, sha256: ''}
    expect(rows.row({prev: '', seq: 2, kind: 'file', file})).toMatchObject({2: 'planfdp.exe'})
  })
})

describe('on disk', () => {
  test('only what the system says is a failure of the disk', async () => {
    const gone = new Error('the reader went away')
    await expect(onDisk('a/b', () => Promise.reject(gone))).rejects.toBe(gone)
    await expect(onDisk('a/b', () => readFile('/nowhere/at/all'))).rejects.toMatchObject({
      code: 'failed',
      message: 'cannot write a/b: ENOENT',
    })
  })
})

describe('the way back', () => {
  async function steps(pages: readonly (readonly number[])[], aboveId: number, beforeId?: number) {
    const asked: (number | undefined)[] = []
    const found: [readonly number[], number][] = []
    const page = async (before?: number) => {
      asked.push(before)
      const items = (pages[asked.length - 1] ?? []).map(id => message({id}))
      return {items, has_more: asked.length < pages.length}
    }
    for await (const {messages, seenDownTo} of pagesBack(page, {aboveId, beforeId})) {
      found.push([messages.map(({id}) => id), seenDownTo])
    }
    return {asked, found}
  }

  test('ends where it shall, and asks for no page behind that', async () => {
    const {asked, found} = await steps(
      [
        [9, 8],
        [7, 6],
        [5, 4],
      ],
      6,
    )
    expect(found).toEqual([
      [[9, 8], 8],
      [[7], 7],
    ])
    expect(asked).toEqual([undefined, 8])
  })

  test('has seen all down to the end where the server has no more', async () => {
    expect((await steps([[9, 8]], 3)).found).toEqual([[[9, 8], 4]])
  })

  test('ends where pages repeat, and has seen nothing of what did not come', async () => {
    expect(
      (
        await steps(
          [
            [9, 8],
            [9, 8],
            [9, 8],
          ],
          0,
        )
      ).found,
    ).toEqual([
      [[9, 8], 8],
      [[], 8],
    ])
  })
})
