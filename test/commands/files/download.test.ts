import {createHash, randomBytes} from 'node:crypto'
import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {type Chat, DIALECTS, ESCAPE, errorOf, recordsOf, useChat} from '../../support/chat.js'
import {atTerminal} from '../../support/veza.js'

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Uploads a file by a request written by hand; resolves to its id. */
async function upload(chat: Chat, name: string, bytes: Uint8Array<ArrayBuffer>): Promise<number> {
  const body = new FormData()
  body.append('room_id', '1')
  body.append('file', new Blob([bytes]), name)
  const response = await fetch(`${chat.url}/api/v1/files/upload`, {
    ...{method: 'POST', body, headers: {authorization: `Bearer ${chat.token('alice')}`}},
  })
  const {data} = (await response.json()) as {data: {file_id: number}}
  return data.file_id
}

/** A folder of its own in alice's home. */
function folderOf(chat: Chat, name: string): string {
  const folder = join(chat.alice.folder, name)
  mkdirSync(folder)
  return folder
}

const random = (size: number): Uint8Array<ArrayBuffer> => new Uint8Array(randomBytes(size))

describe.each(DIALECTS)('files download, %s', dialect => {
  const chat = useChat({dialect})

  test('brings the bytes under the name of the file; a pipe gets a tab-separated line', async () => {
    const bytes = random(700_000)
    const id = await upload(chat, 'Prüf bericht.pdf', bytes)
    const folder = join(chat.alice.folder, 'new/made')
    const {code, stdout, stderr} = await chat.bob.run(['files', 'download', `${id}`, '--dir', folder])
    expect({code, stderr}).toEqual({code: 0, stderr: ''})
    const path = join(folder, 'Prüf bericht.pdf')
    expect(stdout).toBe(`${id}\t${path}\t700000\t${sha256(bytes)}\t0\n`)
    expect(sha256(readFileSync(path))).toBe(sha256(bytes))
    expect(readdirSync(folder)).toEqual(['Prüf bericht.pdf'])
  })

  test('several files, by id and by address, a record each with --json', async () => {
    const folder = folderOf(chat, 'several')
    const ids = [await upload(chat, 'one', random(10)), await upload(chat, 'two', random(0))]
    const address = `${chat.url}/api/v1/files/${ids[1]}/download`
    const run = await chat.alice.run(['files', 'download', `${ids[0]}`, address, '--dir', folder, '--json'])
    expect(run).toMatchObject({code: 0, stderr: ''})
    expect(recordsOf(run)).toMatchObject(
      ['one', 'two'].map((name, index) => ({
        ...{file_id: ids[index], path: join(folder, name), resumed_from: 0, skipped: false},
        // What the sandbox of the guide does not tell cannot be checked.
        verified: dialect === 'reference',
      })),
    )
  })

  test('--output names the file, or is stdout with every byte as it is', async () => {
    const bytes = random(300_000)
    const id = `${await upload(chat, 'x', bytes)}`
    const path = join(folderOf(chat, 'output'), 'named')
    expect((await chat.alice.run(['files', 'download', id, '--output', path])).code).toBe(0)
    expect(sha256(readFileSync(path))).toBe(sha256(bytes))
    const {child, ended} = chat.alice.start(['files', 'download', id, '--output', '-'])
    // As text, bytes that are no UTF-8 would be lost.
    child.stdout.removeAllListeners('data').setEncoding('latin1')
    let text = ''
    child.stdout.on('data', (chunk: string) => {
      text += chunk
    })
    expect(await ended).toMatchObject({code: 0, stderr: ''})
    expect(sha256(Buffer.from(text, 'latin1'))).toBe(sha256(bytes))
  })

  test('what is there is in the way, is left with --skip-existing and replaced with --force', async () => {
    const folder = folderOf(chat, 'existing')
    const bytes = random(100)
    const id = `${await upload(chat, 'x', bytes)}`
    writeFileSync(join(folder, 'x'), 'mine')
    const args = ['files', 'download', id, '--dir', folder]
    const refused = await chat.alice.run([...args, '--json'])
    expect(refused).toMatchObject({code: 8, stdout: ''})
    expect(errorOf(refused)).toMatchObject({code: 'conflict', hint: expect.stringContaining('--force')})
    const skipped = await chat.alice.run([...args, '--skip-existing', '--json'])
    expect(recordsOf(skipped)).toMatchObject([{skipped: true, size: 4, sha256: sha256(Buffer.from('mine'))}])
    expect(skipped.stderr).toMatch(/^warning: .* is left as it is, and is not what the server has/)
    expect(readFileSync(join(folder, 'x'), 'utf8')).toBe('mine')
    expect((await chat.alice.run([...args, '--force'])).code).toBe(0)
    expect(sha256(readFileSync(join(folder, 'x')))).toBe(sha256(bytes))
    const same = await chat.alice.run([...args, '--skip-existing'])
    expect(same).toMatchObject({code: 0, stderr: expect.stringMatching(/^\S+ is there already\n$/)})
    expect(readdirSync(folder)).toEqual(['x'])
  })

  test('a person sees a bar while it comes, then the record with a readable size', async () => {
    const id = `${await upload(chat, 'big.log', random(3 * 1024 * 1024))}`
    const {code, screen} = await atTerminal(chat.alice, [
      'files',
      'download',
      id,
      '--dir',
      folderOf(chat, 'bar'),
    ])
    expect(code).toBe(0)
    expect(screen).toMatch(/big\.log {2}[━─]{24} \d+%/)
    const last = screen.trimEnd().split('\n').at(-1) ?? ''
    expect(last).toContain('(3.0 MiB')
    expect(last).toContain(`${ESCAPE}[1m`)
    expect(last.includes('hash checked')).toBe(dialect === 'reference')
  })

  test('a file that is not there, or not for this account, leaves nothing', async () => {
    const folder = folderOf(chat, 'nothing')
    const {id} = (await chat.call('alice', 'POST', '/rooms', {name: `p-${dialect}`, is_public: false})) as {
      id: number
    }
    const body = new FormData()
    body.append('room_id', `${id}`)
    body.append('file', new Blob(['x']), 'secret')
    const response = await fetch(`${chat.url}/api/v1/files/upload`, {
      ...{method: 'POST', body, headers: {authorization: `Bearer ${chat.token('alice')}`}},
    })
    const {data} = (await response.json()) as {data: {file_id: number}}
    const missing = await chat.bob.run(['files', 'download', '999', '--dir', folder])
    const denied = await chat.bob.run(['files', 'download', `${data.file_id}`, '--dir', folder])
    expect([missing.code, denied.code]).toEqual([7, 9])
    expect(readdirSync(folder)).toEqual([])
  })
})

describe('files download, its flags', () => {
  const chat = useChat()

  test('--sha256 keeps the file that has it, and nothing of another', async () => {
    const folder = folderOf(chat, 'hash')
    const bytes = random(50)
    const args = [
      'files',
      'download',
      `${await upload(chat, 'x', bytes)}`,
      '--dir',
      folder,
      '--json',
      '--sha256',
    ]
    const wrong = await chat.alice.run([...args, sha256(Buffer.from('other'))])
    expect(wrong).toMatchObject({code: 6, stdout: ''})
    expect(errorOf(wrong)).toMatchObject({code: 'file_corrupt'})
    expect(readdirSync(folder)).toEqual([])
    expect(recordsOf(await chat.alice.run([...args, sha256(bytes).toUpperCase()]))).toMatchObject([
      {verified: true},
    ])
  })

  test.each([
    [['1', '2', '--output', 'x'], /--output goes with a single file/],
    [['1', '2', '--sha256', 'a'.repeat(64)], /--sha256 goes with a single file/],
    [['1', '--output', 'x', '--dir', 'y'], /exclude each other/],
    [['1', '--force', '--skip-existing'], /exclude each other/],
    [['1', '--sha256', 'abc'], /--sha256 wants a SHA-256/],
    [['1', '--output', '-', '--json'], /--json has nowhere to go/],
    [['x'], /FILE wants an id/],
    [['http://evil.example/api/v1/files/1/download'], /not one of http:\/\/127/],
    [[], /FILE/i],
  ])('%j is a usage error', async (args, message) => {
    const {code, stdout, stderr} = await chat.alice.run(['files', 'download', ...args])
    expect({code, stdout}).toEqual({code: 2, stdout: ''})
    expect(stderr).toMatch(message)
  })

  test('what went to stdout is held to --sha256 at the end', async () => {
    const bytes = Buffer.from('as it is')
    const args = ['files', 'download', `${await upload(chat, 'x', bytes)}`, '--output', '-', '--sha256']
    const wrong = await chat.alice.run([...args, sha256(Buffer.from('other'))])
    expect(wrong).toMatchObject({code: 6, stdout: 'as it is', stderr: expect.stringContaining('expected')})
    expect(await chat.alice.run([...args, sha256(bytes)])).toEqual({code: 0, stdout: 'as it is', stderr: ''})
  })

  test('stdout that is a terminal is refused: it would obey the file', async () => {
    const id = `${await upload(chat, 'x', new TextEncoder().encode('\u001b]0;owned\u0007') as Uint8Array<ArrayBuffer>)}`
    const {code, screen} = await atTerminal(chat.alice, ['files', 'download', id, '--output', '-'])
    expect(code).toBe(2)
    expect(screen).toMatch(/^error: stdout is a terminal/)
    expect(screen).not.toContain('owned')
  })

  test('a second file of the same name does not take the place of the first', async () => {
    const folder = folderOf(chat, 'same')
    const first = random(10)
    const ids = [await upload(chat, 'same', first), await upload(chat, 'same', random(10))]
    const run = await chat.alice.run([
      'files',
      'download',
      ...ids.map(String),
      '--dir',
      folder,
      '--force',
      '--json',
    ])
    expect(run.code).toBe(8)
    expect(recordsOf(run)).toHaveLength(1)
    expect(errorOf(run).message).toMatch(/has the name of one that came before it/)
    expect(sha256(readFileSync(join(folder, 'same')))).toBe(sha256(first))
  })

  test('places where nothing can be written are told before anything comes', async () => {
    const folder = folderOf(chat, 'places')
    const id = `${await upload(chat, 'x', random(10))}`
    writeFileSync(join(folder, 'file'), '')
    for (const place of [
      ['--output', folder],
      ['--output', '/dev/null', '--force'],
      ['--output', join(folder, 'no/such/folder')],
      ['--dir', join(folder, 'file')],
      ['--output', join(folder, 'n'.repeat(300))],
    ]) {
      const run = await chat.alice.run(['files', 'download', id, ...place, '--json'])
      expect(run).toMatchObject({code: 2, stdout: ''})
      expect(errorOf(run).code).toBe('file_unwritable')
    }
    expect(readdirSync(folder)).toEqual(['file'])
    expect(existsSync('/dev/null')).toBe(true)
  })
})
