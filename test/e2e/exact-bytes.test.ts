import {createHash} from 'node:crypto'
import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from 'vitest'
import type {Home} from '../support/veza.js'
import {ALL_CONTROLS, randomText, seeded} from './kit/random-text.js'
import {restAs} from './kit/rest.js'
import {contentsOf, homeAt, newRoom, sharedSandbox} from './kit/sandbox.js'

const sandbox = sharedSandbox()
const random = seeded(20_261_122)

type Way = (home: Home, room: string, text: string) => Promise<{code: number | null; stderr: string}>

const WAYS: readonly (readonly [string, Way])[] = [
  ['argument', (home, room, text) => home.run(['messages', 'send', room, text])],
  ['-m', (home, room, text) => home.run(['messages', 'send', '-r', room, '-m', text])],
  ['stdin', (home, room, text) => home.run(['messages', 'send', room], {stdin: text})],
  [
    '--file',
    (home, room, text) => {
      const file = join(home.folder, 'message.txt')
      writeFileSync(file, text)
      return home.run(['messages', 'send', room, '--file', file])
    },
  ],
]

const TEXTS: readonly (readonly [string, string])[] = [
  ['all control characters', ALL_CONTROLS],
  ['2,000 characters', randomText(random, 2000)],
  ['a mixture', randomText(random, 300)],
  ['a lone combining mark', '\u0301'],
  ['line separators', 'a\u2028b\u2029c\rd\r\ne\n\nf'],
  ['what looks like a flag or a number', '-- --json -m 0x10'],
]

describe.each(WAYS)('a message by %s', (name, send) => {
  it('is stored and shown byte by byte', async () => {
    const home = homeAt(sandbox.url)
    const room = await newRoom(home, `exact ${name}`)
    const tail = home.start(['messages', 'tail', room, '--json', '--count', `${TEXTS.length}`])
    await tail.sees('stderr', 'ready: ')
    for (const [what, text] of TEXTS) {
      const argumentLike = name === 'argument' && text.startsWith('-')
      const sent = argumentLike
        ? await home.run(['messages', 'send', room, '--', text])
        : await send(home, room, text)
      expect({what, code: sent.code, stderr: sent.stderr}).toEqual({what, code: 0, stderr: ''})
    }
    const texts = TEXTS.map(([, text]) => text)
    expect(await contentsOf(home, room)).toEqual(texts)
    expect(await storedIn(room)).toEqual(texts)
    const {code, stdout} = await tail.ended
    const lines = stdout.trimEnd().split('\n')
    expect(code).toBe(0)
    expect(lines.map(line => (JSON.parse(line) as {content: string}).content)).toEqual(texts)
  })
})

/** What the server says by a request by hand, oldest first. */
async function storedIn(room: string): Promise<string[]> {
  const answer = await (await restAs(sandbox.url)).get(`/rooms/${room}/messages?limit=100`)
  const {data} = (await answer.json()) as {data: {messages: {content: string}[]}}
  return data.messages.map(message => message.content).reverse()
}

describe('a text that is left as it is but for one final line break', () => {
  it.each([
    ['one', 'text\n', 'text'],
    ['one of Windows', 'text\r\n', 'text'],
    ['two', 'text\n\n', 'text\n'],
    ['none', ' text ', ' text '],
  ])('from stdin: %s', async (name, stdin, content) => {
    const home = homeAt(sandbox.url)
    const room = await newRoom(home, `final ${name}`)
    expect(await home.run(['messages', 'send', room], {stdin})).toMatchObject({code: 0})
    expect(await contentsOf(home, room)).toEqual([content])
  })

  it('is refused with 2 where it is no UTF-8, and nothing is sent', async () => {
    const home = homeAt(sandbox.url)
    const room = await newRoom(home, 'no utf-8')
    const stdin = Buffer.from([0x61, 0xff, 0x62])
    const {code, stdout, stderr} = await home.run(['messages', 'send', room], {stdin})
    expect({code, stdout}).toEqual({code: 2, stdout: ''})
    expect(stderr).toMatch(/^error: .*UTF-8.*byte 1.*\nhint: [^\n]+\n$/)
    expect(await contentsOf(home, room)).toEqual([])
  })
})

describe('a file', () => {
  const bytes = (size: number): Buffer => {
    const content = Buffer.alloc(size)
    for (let index = 0; index < size; index++) content[index] = Math.floor(random() * 256)
    return content
  }

  it.each([
    ['of 0 bytes', 0, ['--allow-empty']],
    ['of 1 byte', 1, []],
    ['of 5 MiB', 5 * 1024 * 1024, []],
  ])('%s arrives as it was', async (_name, size, flags) => {
    const home = homeAt(sandbox.url)
    const content = bytes(size)
    const path = join(home.folder, 'wörk 1 😀.bin')
    writeFileSync(path, content)
    const {code, stdout, stderr} = await home.run([
      'files',
      'upload',
      path,
      '-r',
      'general',
      '--json',
      ...flags,
    ])
    expect({code, stderr}).toEqual({code: 0, stderr: ''})
    const uploaded = JSON.parse(stdout) as {file_id: number; size: number; original_filename: string}
    expect(uploaded).toMatchObject({size, original_filename: 'wörk 1 😀.bin'})
    expect(await digestOf(uploaded.file_id)).toBe(sha256(content))
    expect(sha256(readFileSync(path))).toBe(sha256(content))
  })

  it('from stdin arrives as it was', async () => {
    const home = homeAt(sandbox.url)
    const content = bytes(300_000)
    const args = ['files', 'upload', '-', '--name', 'piped.bin', '-r', 'general', '--json']
    const {code, stdout} = await home.run(args, {stdin: content})
    expect(code).toBe(0)
    const uploaded = JSON.parse(stdout) as {file_id: number}
    expect(await digestOf(uploaded.file_id)).toBe(sha256(content))
  })
})

async function digestOf(fileId: number): Promise<string> {
  const answer = await (await restAs(sandbox.url)).get(`/files/${fileId}/download`)
  return sha256(Buffer.from(await answer.arrayBuffer()))
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}
