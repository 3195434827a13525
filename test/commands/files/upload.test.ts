import {createHash, randomBytes} from 'node:crypto'
import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {type Chat, DIALECTS, ESCAPE, errorOf, recordsOf, useChat} from '../../support/chat.js'
import {atTerminal} from '../../support/veza.js'

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Writes a file into alice's home; resolves to its path. */
function fileOf(chat: Chat, name: string, bytes: string | Buffer): string {
  const path = join(chat.alice.folder, name)
  writeFileSync(path, bytes)
  return path
}

/** What the server has of a file. */
async function stored(chat: Chat, id: unknown): Promise<{bytes: Buffer; type: string | null; name: string}> {
  const response = await fetch(`${chat.url}/api/v1/files/${id}/download`, {
    headers: {authorization: `Bearer ${chat.token('alice')}`},
  })
  expect(response.status).toBe(200)
  const [, name = ''] =
    /filename\*=UTF-8''(\S+)/.exec(response.headers.get('content-disposition') ?? '') ?? []
  return {
    bytes: Buffer.from(await response.arrayBuffer()),
    type: response.headers.get('content-type'),
    name: decodeURIComponent(name),
  }
}

describe.each(DIALECTS)('files upload, %s', dialect => {
  const chat = useChat({dialect})

  test('every byte arrives; a pipe gets a tab-separated line with the name and exact size', async () => {
    const bytes = randomBytes(300_000)
    const path = fileOf(chat, 'Prüf bericht.pdf', bytes)
    const {code, stdout, stderr} = await chat.alice.run(['files', 'upload', path, '--room', 'general'])
    expect({code, stderr}).toEqual({code: 0, stderr: ''})
    expect(stdout).toMatch(/^\d+\tPrüf bericht\.pdf\t300000\thttp\S+\n$/)
    const file = await stored(chat, stdout.split('\t')[0])
    expect(sha256(file.bytes)).toBe(sha256(bytes))
    expect(file).toMatchObject({type: 'application/pdf', name: 'Prüf bericht.pdf'})
  })

  test('several files, a record each, in order; --json is a record a line', async () => {
    const contents = {'one.txt': 'first\n', 'two.bin': randomBytes(70_000), three: '3'}
    const paths = Object.entries(contents).map(([name, bytes]) => fileOf(chat, name, bytes))
    const run = await chat.alice.run(['files', 'upload', ...paths, '--room', '1', '--json'])
    expect(run).toMatchObject({code: 0, stderr: ''})
    const records = recordsOf(run)
    expect(records.map(record => record.size)).toEqual([6, 70_000, 1])
    const files = await Promise.all(records.map(record => stored(chat, record.file_id)))
    expect(files.map(file => file.name)).toEqual(['one.txt', 'two.bin', 'three'])
    expect(files.map(file => file.type)).toEqual([
      'text/plain',
      'application/octet-stream',
      'application/octet-stream',
    ])
    expect(files.map(file => sha256(file.bytes))).toEqual(
      Object.values(contents).map(bytes => sha256(Buffer.from(bytes))),
    )
    expect(records[0]?.mime_type).toBe(dialect === 'reference' ? 'text/plain' : undefined)
  })

  test('stdin needs a name, and is streamed as it comes', async () => {
    const bytes = randomBytes(1_500_000)
    const args = ['files', 'upload', '-', '--room', 'general', '--json']
    const run = await chat.alice.run([...args, '--name', 'build.tgz'], {stdin: bytes})
    const [record] = recordsOf(run)
    const file = await stored(chat, record?.file_id)
    expect(sha256(file.bytes)).toBe(sha256(bytes))
    expect(file.name).toBe('build.tgz')
    const nameless = await chat.alice.run(args, {stdin: 'x'})
    expect(nameless).toMatchObject({code: 2, stdout: ''})
    expect(errorOf(nameless)).toMatchObject({code: 'usage', hint: 'give it with --name'})
  })

  test('a person sees a bar while it goes, then the record with a readable size', async () => {
    const path = fileOf(chat, 'big.log', randomBytes(3 * 1024 * 1024))
    const {code, screen} = await atTerminal(chat.alice, ['files', 'upload', path, '--room', 'general'])
    expect(code).toBe(0)
    expect(screen).toMatch(/big\.log {2}[━─]{24} \d+%/)
    const last = screen.trimEnd().split('\n').at(-1) ?? ''
    expect(last).toMatch(/3(\.0)? MiB/)
    expect(last).toContain(`${ESCAPE}[1mbig.log`)
    expect(last).not.toContain('\t')
  })
})

describe('files upload, its flags', () => {
  const chat = useChat({maxUploadBytes: 2_000})

  test('--name stands in for the file’s own name, and tells the type', async () => {
    const path = fileOf(chat, 'tmp.xyz', '{}')
    const args = ['files', 'upload', path, '-r', 'general', '--name', 'report.json', '--json']
    const [record] = recordsOf(await chat.alice.run(args))
    expect(await stored(chat, record?.file_id)).toMatchObject({name: 'report.json', type: 'application/json'})
  })

  test('--name goes with a single file', async () => {
    const paths = [fileOf(chat, 'a', 'a'), fileOf(chat, 'b', 'b')]
    const run = await chat.alice.run(['files', 'upload', ...paths, '-r', 'general', '--name', 'c'])
    expect(run).toEqual({code: 2, stdout: '', stderr: 'error: --name goes with a single file\n'})
  })

  test('--description reaches the server: one of 1,001 characters is refused there', async () => {
    const path = fileOf(chat, 'described', 'x')
    const upload = ['files', 'upload', path, '-r', 'general', '--json', '--description']
    const [fine, long] = await Promise.all([
      chat.alice.run([...upload, 'What it is']),
      chat.alice.run([...upload, 'x'.repeat(1_001)]),
    ])
    expect(fine.code).toBe(0)
    expect(long).toMatchObject({code: 3, stdout: ''})
    expect(errorOf(long).message).toContain('description')
  })

  test('an empty file needs --allow-empty', async () => {
    const path = fileOf(chat, 'empty', '')
    const upload = ['files', 'upload', path, '-r', 'general', '--json']
    const refused = await chat.alice.run(upload)
    expect(refused).toMatchObject({code: 2, stdout: ''})
    expect(errorOf(refused)).toMatchObject({code: 'file_unreadable', message: `${path} is empty`})
    const [record] = recordsOf(await chat.alice.run([...upload, '--allow-empty']))
    expect(record?.size).toBe(0)
    expect((await stored(chat, record?.file_id)).bytes).toHaveLength(0)
  })

  test('--max-size and VEZA_MAX_UPLOAD are checked before anything is sent, the flag first', async () => {
    const [small, large] = [fileOf(chat, 'small', 'x'), fileOf(chat, 'large', 'x'.repeat(11))]
    const upload = ['files', 'upload', small, large, '-r', 'general', '--debug']
    const env = {VEZA_MAX_UPLOAD: '10'}
    const [byFlag, byVariable, flagWins] = await Promise.all([
      chat.alice.run([...upload, '--max-size', '10']),
      chat.alice.run(upload, {env}),
      chat.alice.run([...upload, '--max-size', '0'], {env}),
    ])
    for (const run of [byFlag, byVariable]) {
      expect(run).toMatchObject({code: 3, stdout: ''})
      expect(run.stderr).toMatch(/^error: \S+large has [^\n]+, the limit is [^\n]+\nhint: [^\n]*--max-size/)
    }
    expect(flagWins.code).toBe(0)
  })

  test('more than the server takes is 3; what it has already taken is told', async () => {
    const paths = [fileOf(chat, 'fits', 'x'), fileOf(chat, 'too-large', 'x'.repeat(2_001))]
    const run = await chat.alice.run(['files', 'upload', ...paths, '-r', 'general', '--json'])
    expect(run.code).toBe(3)
    expect(recordsOf(run)).toMatchObject([{size: 1}])
    expect(errorOf(run)).toMatchObject({code: 'file_too_large', status: 413, server_code: 'FILE_TOO_LARGE'})
  })

  test('--quiet shows no bar', async () => {
    const path = fileOf(chat, 'quiet.log', 'x'.repeat(1_000))
    const {screen} = await atTerminal(chat.alice, ['files', 'upload', path, '-r', 'general', '--quiet'])
    expect(screen).not.toMatch(/[━─]/)
    expect(screen).toContain('quiet.log')
  })

  test('the room by VEZA_ROOM', async () => {
    const path = fileOf(chat, 'by-variable', 'x')
    const run = await chat.alice.run(['files', 'upload', path], {env: {VEZA_ROOM: '#general'}})
    expect(run.code).toBe(0)
  })
})

describe('files upload, bad input', () => {
  const chat = useChat()

  test.each([
    ['no file', [], 2, /^error: missing argument FILE\n/],
    ['a missing file', ['/no/such'], 2, /^error: \/no\/such does not exist\n$/],
    ['a folder', ['FOLDER'], 2, /^error: \S+folder is a folder\nhint: pack it first/],
    ['a good file and a missing one', ['GOOD', '/no/such'], 2, /^error: \/no\/such does not exist\n$/],
    ['an unknown room', ['GOOD', '-r', 'nowhere'], 7, /^error: there is no room "nowhere"\n/],
    ['no room', ['GOOD', '-r', ''], 2, /^error: ROOM is empty\n/],
  ])('%s', async (_what, args, code, message) => {
    mkdirSync(join(chat.alice.folder, 'folder'), {recursive: true})
    const paths = {FOLDER: join(chat.alice.folder, 'folder'), GOOD: fileOf(chat, 'good', 'x')}
    const words = args.map(word => paths[word as keyof typeof paths] ?? word)
    const room = args.includes('-r') ? [] : ['-r', 'general']
    const run = await chat.alice.run(['files', 'upload', ...words, ...room])
    expect(run).toMatchObject({code, stdout: ''})
    expect(run.stderr).toMatch(message)
  })
})
