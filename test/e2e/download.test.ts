import {createHash, randomBytes} from 'node:crypto'
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  unlinkSync,
  watch,
  writeFileSync,
} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {errorOf, recordsOf} from '../support/chat.js'
import {type Home, makeHome, startProcess, VEZA} from '../support/veza.js'
import {fileServer} from './kit/file-server.js'

const MIB = 1024 * 1024
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** A home with an empty folder `in`, signed in by a token that cannot be renewed. */
function homeAt(origin: string): {home: Home; folder: string; args: string[]} {
  const home = makeHome({VEZA_SERVER: origin, VEZA_TOKEN: 'token-of-alice'})
  const folder = join(home.folder, 'in')
  mkdirSync(folder)
  return {home, folder, args: ['files', 'download', '1', '--dir', folder, '--json']}
}

/** Resolves once a file in the folder has at least so many bytes. */
function grown(folder: string, bytes: number): Promise<void> {
  const isThere = (): boolean => readdirSync(folder).some(name => statSync(join(folder, name)).size >= bytes)
  return new Promise(resolve => {
    const watcher = watch(folder, () => {
      if (!isThere()) return
      watcher.close()
      resolve()
    })
    if (isThere()) {
      watcher.close()
      resolve()
    }
  })
}

const parts = (folder: string): string[] => readdirSync(folder).filter(name => name.endsWith('.part'))

describe('a download that is killed', () => {
  test('goes on where it was, and only with the same file', async () => {
    const bytes = randomBytes(5 * MIB)
    await using server = await fileServer(bytes, {hangsAfter: 3 * MIB}, {})
    const {home, folder, args} = homeAt(server.origin)
    const running = home.start(args)
    await grown(folder, 2 * MIB)
    running.child.kill('SIGKILL')
    await running.ended
    expect(parts(folder)).toHaveLength(1)
    const run = await home.run(args)
    const [record] = recordsOf(run)
    expect(record).toMatchObject({size: bytes.length, sha256: sha256(bytes), verified: true})
    expect(record?.resumed_from).toBeGreaterThanOrEqual(2 * MIB)
    expect(server.requests.at(-1)?.range).toBe(`bytes=${record?.resumed_from}-`)
    expect(sha256(readFileSync(join(folder, 'data.bin')))).toBe(sha256(bytes))
    expect(readdirSync(folder)).toEqual(['data.bin'])
  })

  test('begins anew where the file has changed meanwhile, and leaves nothing of the old one', async () => {
    const [old, bytes] = [randomBytes(3 * MIB), randomBytes(3 * MIB)]
    await using server = await fileServer(bytes, {bytes: old, hangsAfter: 2 * MIB}, {})
    const {home, folder, args} = homeAt(server.origin)
    const running = home.start(args)
    await grown(folder, MIB)
    running.child.kill('SIGKILL')
    await running.ended
    const [record] = recordsOf(await home.run(args))
    expect(record).toMatchObject({sha256: sha256(bytes), resumed_from: 0})
    expect(readdirSync(folder)).toEqual(['data.bin'])
  })

  test('begins anew where the disk lost what it was given', async () => {
    const bytes = randomBytes(3 * MIB)
    await using server = await fileServer(bytes, {hangsAfter: 2 * MIB}, {})
    const {home, folder, args} = homeAt(server.origin)
    const running = home.start(args)
    await grown(folder, MIB)
    running.child.kill('SIGKILL')
    await running.ended
    const [part] = parts(folder)
    writeFileSync(join(folder, `${part}`), Buffer.alloc(MIB))
    const run = await home.run(args)
    expect(run.stderr).toMatch(/^what an earlier run left of \S+ is damaged: begins anew\n$/)
    expect(recordsOf(run)).toMatchObject([{sha256: sha256(bytes), resumed_from: 0}])
  })

  test('by Ctrl-C keeps its part and says so', async () => {
    const bytes = randomBytes(2 * MIB)
    await using server = await fileServer(bytes, {hangsAfter: MIB + 5})
    const {home, folder} = homeAt(server.origin)
    const running = home.start(['files', 'download', '1', '--dir', folder])
    await grown(folder, MIB)
    running.child.kill('SIGINT')
    const {code, stderr} = await running.ended
    expect(code).toBe(130)
    expect(stderr).toMatch(/^the same command goes on after 1\.0 MiB/)
    expect(statSync(join(folder, `${parts(folder)[0]}`)).size).toBeGreaterThanOrEqual(MIB)
  })
})

test('a disk that takes no more ends it with 1, and what it took is gone on from', async () => {
  const bytes = randomBytes(3 * MIB)
  await using server = await fileServer(bytes)
  const {home, folder, args} = homeAt(server.origin)
  // Blocks of 1,024 bytes.
  const command = `ulimit -f 2048; exec ${[...VEZA, ...args].join(' ')}`
  const run = await startProcess('bash', ['-c', command], home.env).ended
  expect(run).toMatchObject({code: 1, stdout: ''})
  expect(errorOf(run)).toMatchObject({code: 'failed', hint: expect.stringContaining('make room')})
  expect(recordsOf(await home.run(args))).toMatchObject([{resumed_from: 2 * MIB, sha256: sha256(bytes)}])
  expect(readdirSync(folder)).toEqual(['data.bin'])
})

describe('a body that breaks off', () => {
  test('is taken up again within the same run', async () => {
    const bytes = randomBytes(MIB)
    await using server = await fileServer(bytes, {breaksAfter: 300_000}, {breaksAfter: 300_000}, {})
    const {home, args} = homeAt(server.origin)
    const run = await home.run(args)
    expect(run).toMatchObject({code: 0, stderr: ''})
    expect(recordsOf(run)).toMatchObject([{sha256: sha256(bytes), resumed_from: 0, verified: true}])
    const [first, second, third] = server.requests.map(({range}) => Number(/\d+/.exec(range ?? '0')))
    // What the system had not handed over when the connection broke is asked for again.
    expect(first).toBe(0)
    expect(second).toBeGreaterThan(100_000)
    expect(third).toBeGreaterThan(second! + 100_000)
  })

  test('again and again, is an error that keeps what came', async () => {
    const bytes = randomBytes(MIB)
    await using server = await fileServer(bytes, {breaksAfter: 300_000}, {breaksAfter: 10})
    const {home, folder, args} = homeAt(server.origin)
    const run = await home.run([...args, '--retries', '1'])
    expect(run).toMatchObject({code: 6, stdout: ''})
    expect(errorOf(run)).toMatchObject({code: 'unreachable', retryable: true})
    expect(statSync(join(folder, `${parts(folder)[0]}`)).size).toBeGreaterThan(100_000)
  })

  test('is taken up on stdout, too, but not with another file', async () => {
    const bytes = Buffer.alloc(MIB, 'x')
    await using server = await fileServer(bytes, {breaksAfter: 300_000}, {})
    const {home} = homeAt(server.origin)
    const toStdout = ['files', 'download', '1', '--output', '-']
    expect(await home.run(toStdout)).toEqual({code: 0, stdout: bytes.toString(), stderr: ''})
    await using changing = await fileServer(bytes, {breaksAfter: 300_000}, {bytes: Buffer.alloc(MIB, 'y')})
    const run = await homeAt(changing.origin).home.run(toStdout)
    expect(run.code).toBe(6)
    expect(run.stdout).toMatch(/^x{100000,}$/)
    expect(run.stderr).toMatch(/cannot be taken up again after the \d{6} bytes/)
  })

  test('and a session that is over in between, ends with 4; a new one goes on', async () => {
    const bytes = randomBytes(MIB)
    await using server = await fileServer(bytes, {breaksAfter: 300_000}, {status: 401}, {})
    const {home, folder, args} = homeAt(server.origin)
    const run = await home.run(args)
    expect(run.code).toBe(4)
    expect(run.stdout + run.stderr).not.toContain('token-of-alice')
    expect(parts(folder)).toHaveLength(1)
    const [record] = recordsOf(await home.run(args))
    expect(record).toMatchObject({sha256: sha256(bytes)})
    expect(record?.resumed_from).toBeGreaterThan(100_000)
  })
})

describe('what is not to be trusted', () => {
  test('bytes of another hash are no file', async () => {
    await using server = await fileServer(randomBytes(1000), {wrongDigest: true})
    const {home, folder, args} = homeAt(server.origin)
    const run = await home.run(args)
    expect(run).toMatchObject({code: 6, stdout: ''})
    expect(errorOf(run).code).toBe('file_corrupt')
    expect(readdirSync(folder)).toEqual([])
  })

  test.each([
    ['../../../escape', 'escape'],
    ['/etc/absolute', 'absolute'],
    ['..\\..\\windows', 'windows'],
    ['..', 'file-1'],
    ['.bashrc', 'bashrc'],
    ['a\u001b]0;owned\u0007b', 'a]0;ownedb'],
    ['\u202efdp.exe', 'fdp.exe'],
    ['-rf', '_-rf'],
  ])('the name %j is only %j', async (name, safe) => {
    await using server = await fileServer(Buffer.from('x'), {name})
    const {home, folder, args} = homeAt(server.origin)
    const before = readdirSync(home.folder)
    expect(recordsOf(await home.run(args))).toMatchObject([{path: join(folder, safe)}])
    expect(readdirSync(folder)).toEqual([safe])
    expect(
      readdirSync(home.folder).filter(entry => !before.includes(entry) && !entry.startsWith('.')),
    ).toEqual([])
  })

  test('another origin gets no token', async () => {
    await using other = await fileServer(Buffer.from('hello'))
    await using server = await fileServer(Buffer.from('x'), {location: `${other.origin}/signed`})
    const {home, args} = homeAt(server.origin)
    expect(recordsOf(await home.run(args))).toMatchObject([{size: 5}])
    expect(server.requests[0]?.authorization).toBe('Bearer token-of-alice')
    expect(other.requests[0]).not.toHaveProperty('authorization')
  })

  test('a link where the part should be is not followed', async () => {
    const bytes = randomBytes(2 * MIB)
    await using server = await fileServer(bytes, {hangsAfter: MIB + 1}, {})
    const {home, folder, args} = homeAt(server.origin)
    const running = home.start(args)
    await grown(folder, MIB)
    running.child.kill('SIGINT')
    await running.ended
    const part = join(folder, `${parts(folder)[0]}`)
    const victim = join(home.folder, 'victim')
    writeFileSync(victim, 'precious')
    unlinkSync(part)
    symlinkSync(victim, part)
    const run = await home.run(args)
    expect(run.code).toBe(2)
    expect(errorOf(run).message).toMatch(/a symbolic link is in its place/)
    expect(readFileSync(victim, 'utf8')).toBe('precious')
  })
})

test('two at once for the same place: both end, one has it', async () => {
  const bytes = randomBytes(2 * MIB)
  await using server = await fileServer(bytes)
  const {home, folder, args} = homeAt(server.origin)
  const codes = (await Promise.all([home.run(args), home.run(args)])).map(({code}) => code)
  expect(codes.filter(code => code === 0).length).toBeGreaterThanOrEqual(1)
  expect(codes.filter(code => code !== 0 && code !== 8)).toEqual([])
  expect(sha256(readFileSync(join(folder, 'data.bin')))).toBe(sha256(bytes))
  expect(readdirSync(folder)).toEqual(['data.bin'])
})

test('a reader that goes away ends it with 0, and the connection', async () => {
  await using server = await fileServer(Buffer.alloc(64 * MIB))
  const {home} = homeAt(server.origin)
  const command = `${VEZA.join(' ')} files download 1 --output - | head -c 1 | wc -c; echo "\${PIPESTATUS[0]}"`
  const {stdout, stderr} = await startProcess('bash', ['-c', command], home.env).ended
  expect({stdout, stderr}).toEqual({stdout: '1\n0\n', stderr: ''})
})
