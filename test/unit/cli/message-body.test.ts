import {chmod, mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {PassThrough, Readable} from 'node:stream'
import fc from 'fast-check'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {type BodySources, readBody} from '../../../src/lib/cli/message-body.js'
import {VezaError} from '../../../src/lib/errors/veza-error.js'
import {bundleScript, outputAsOrdinaryUser} from '../../support/child-script.js'

const MIB = 1024 * 1024
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veza-body-'))
  await chmod(folder, 0o755)
})

afterAll(async () => {
  await rm(folder, {recursive: true, force: true})
})

/** A pipe with these bytes in it, in chunks as given. */
const pipe = (...chunks: (string | Buffer)[]): Readable => {
  const stream = new PassThrough()
  for (const chunk of chunks) stream.write(chunk)
  return stream.end()
}

const terminal = (): BodySources['stdin'] => Object.assign(new PassThrough(), {isTTY: true})

/** A stream that nobody may look at. */
const untouchable = (): Readable =>
  new Readable({
    read() {
      this.destroy(new Error('stdin was read'))
    },
  })

const read = (sources: Partial<BodySources>): Promise<string> =>
  readBody({
    text: undefined,
    message: undefined,
    file: undefined,
    stdin: untouchable(),
    signal: new AbortController().signal,
    ...sources,
  })

async function file(content: string | Buffer): Promise<string> {
  const path = join(await mkdtemp(join(folder, 'case-')), 'text.txt')
  await writeFile(path, content)
  return path
}

async function refusal(sources: Partial<BodySources>): Promise<VezaError> {
  const error = await read(sources).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(VezaError)
  return error as VezaError
}

describe('the message', () => {
  it.each([' hello\n', '-', '\uFEFFhello', 'a\r\n', '😀', '\u0000', ' '])(
    'given as %j is sent as it is',
    async text => {
      expect(await read({text})).toBe(text)
      expect(await read({message: text})).toBe(text)
    },
  )

  it('comes from a file', async () => {
    expect(await read({file: await file('line 1\nline 2\n')})).toBe('line 1\nline 2')
  })

  it('comes from stdin where nothing else is given, or for -', async () => {
    expect(await read({stdin: pipe('hel', 'lo\n')})).toBe('hello')
    expect(await read({stdin: pipe('hello\n'), file: '-'})).toBe('hello')
    expect(await read({stdin: Object.assign(pipe('typed\n'), {isTTY: true}), file: '-'})).toBe('typed')
  })

  it('comes whole from a pipe that cuts characters in two', async () => {
    const bytes = Buffer.from('zoë 😀')
    expect(await read({stdin: pipe(...[...bytes].map(byte => Buffer.of(byte)))})).toBe('zoë 😀')
  })
})

describe('a message that is read', () => {
  it.each([
    ['a', 'a'],
    ['a\n', 'a'],
    ['a\r\n', 'a'],
    ['a\n\n', 'a\n'],
    ['a\r\n\r\n', 'a\r\n'],
    ['a\r', 'a\r'],
    ['\na\r\nb\tc ', '\na\r\nb\tc '],
    ['\uFEFFa\n', 'a'],
    ['\uFEFF\uFEFFa', '\uFEFFa'],
    ['a\uFEFF', 'a\uFEFF'],
    ['a\u0000\u001Bb', 'a\u0000\u001Bb'],
  ])('%j is %j', async (content, expected) => {
    expect(await read({stdin: pipe(content)})).toBe(expected)
    expect(await read({file: await file(content)})).toBe(expected)
  })

  it('is any text, but for one final line break and one byte order mark', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({unit: 'grapheme', minLength: 1}), async text => {
        expect(await read({stdin: pipe(`\uFEFF${text}\n`)})).toBe(text)
      }),
    )
  })

  it('has room for 1 MiB, and not for a byte more', async () => {
    expect(await read({stdin: pipe('a'.repeat(MIB))})).toHaveLength(MIB)
    const tooLong = await file('a'.repeat(MIB + 1))
    for (const sources of [{stdin: pipe('a'.repeat(MIB + 1))}, {file: tooLong}]) {
      const error = await refusal(sources)
      expect([error.code, error.exitCode]).toEqual(['refused', 3])
      expect(error.message).toContain('more than 1 MiB')
    }
  })

  it('is given up where the pipe has no end', async () => {
    const chunk = Buffer.alloc(65_536, 'y\n')
    let sent = 0
    const yes = new Readable({
      read() {
        sent += chunk.length
        this.push(chunk)
      },
    })
    expect((await refusal({stdin: yes})).code).toBe('refused')
    expect(sent).toBeLessThan(2 * MIB)
    expect(yes.destroyed).toBe(true)
  })
})

describe('no message', () => {
  it('at a terminal is told at once, with the ways to give one', async () => {
    const error = await refusal({stdin: terminal()})
    expect([error.code, error.message]).toEqual(['usage', 'there is no message'])
    for (const way of ['argument', '--message', '--file', 'pipe']) expect(error.hint).toContain(way)
  })

  it('in what was given is an error, not an empty message', async () => {
    const empty = await file('')
    const cases = [
      {text: ''},
      {message: ''},
      {file: empty},
      {stdin: pipe()},
      {stdin: pipe('\n')},
      {stdin: pipe('\uFEFF\r\n')},
    ]
    for (const sources of cases) {
      expect(await refusal(sources)).toMatchObject({code: 'usage', message: 'the message is empty'})
    }
  })
})

describe('several messages', () => {
  it.each([
    [{text: 'hunter2', message: 'b'}],
    [{text: 'hunter2', file: '-'}],
    [{message: 'hunter2', file: 'x'}],
    [{text: '', message: ''}],
    [{text: 'hunter2', message: 'b', file: 'c'}],
  ])('are refused before any is read (%#)', async sources => {
    const error = await refusal(sources)
    expect([error.code, error.message]).toEqual(['usage', 'the message is given twice'])
    expect(error.hint).not.toContain('hunter2')
  })
})

describe('text that is not UTF-8', () => {
  it.each([
    ['latin 1', Buffer.from('caf\xE9 au lait', 'latin1'), 3],
    ['a stray continuation', Buffer.from([0x61, 0x62, 0x80]), 2],
    ['behind other characters', Buffer.concat([Buffer.from('é😀\uFFFD'), Buffer.of(0xff)]), 9],
    ['a character cut short', Buffer.from('a😀').subarray(0, 4), 1],
    ['UTF-16 with its mark', Buffer.from('\uFEFFhi', 'utf16le'), 0],
    ['a surrogate', Buffer.from([0x61, 0xed, 0xa0, 0x80]), 1],
    ['an overlong zero', Buffer.from([0xc0, 0x80]), 0],
  ])('is refused with the place of the first bad byte: %s', async (_, bytes, offset) => {
    const path = await file(bytes)
    for (const [sources, name] of [
      [{stdin: pipe(bytes)}, 'stdin'],
      [{file: path}, path],
    ] as const) {
      const error = await refusal(sources)
      expect([error.code, error.exitCode]).toEqual(['usage', 2])
      expect(error.message).toBe(`${name} is not UTF-8 text: byte ${offset} does not fit`)
      expect(error.hint).toContain('veza files upload')
    }
  })
})

describe('a file that cannot be read', () => {
  it.each([
    ['is missing', 'none.txt', 'does not exist'],
    ['is below a file', 'plain/none.txt', 'does not exist'],
    ['is a folder', '', 'is a folder'],
  ])('since it %s', async (_, name, reason) => {
    await writeFile(join(folder, 'plain'), '')
    const path = join(folder, name)
    const error = await refusal({file: path})
    expect([error.code, error.exitCode, error.message]).toEqual(['file_unreadable', 2, `${path} ${reason}`])
  })

  it.skipIf(process.platform === 'win32')('since its mode says so', async () => {
    const script = await bundleScript(join(import.meta.dirname, 'fixtures', 'read-body.ts'), folder)
    const path = join(folder, 'private.txt')
    await writeFile(path, 'hunter2')
    await chmod(path, 0o000)
    const printed: unknown = JSON.parse(await outputAsOrdinaryUser(script, ['body', path]))
    expect(printed).toEqual({code: 'file_unreadable', message: `${path} may not be read`})
  })

  it('is told of stdin that breaks, too', async () => {
    const broken = new Readable({
      read() {
        this.destroy(Object.assign(new Error('broken'), {code: 'EIO'}))
      },
    })
    expect(await refusal({stdin: broken})).toMatchObject({
      code: 'file_unreadable',
      message: 'stdin cannot be read (EIO)',
    })
  })
})

describe('an abort while a pipe is read that never ends', () => {
  it('ends the reading, and never takes a part for the whole', async () => {
    const controller = new AbortController()
    const stdin = new PassThrough()
    stdin.write('the first half')
    const reading = refusal({stdin, signal: controller.signal})
    await new Promise(resolve => setImmediate(resolve))
    controller.abort(new VezaError('interrupted', 'interrupted'))
    await reading
    expect(stdin.destroyed).toBe(true)
  })

  it('leaves no listener behind where the pipe did end', async () => {
    const controller = new AbortController()
    const stdin = pipe('hello')
    await read({stdin, signal: controller.signal})
    const destroyed = stdin.destroyed
    controller.abort()
    expect(stdin.destroyed).toBe(destroyed)
  })
})
