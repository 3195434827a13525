import {spawnSync} from 'node:child_process'
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect, it, onTestFinished, vi} from 'vitest'
import {MetricsFile} from '../../../src/lib/metrics/file.js'

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'veza-metrics-'))
  onTestFinished(() => rmSync(path, {recursive: true, force: true}))
  return path
}

/** A clock that is turned by hand. */
function clock() {
  const state = {turn: (): void => undefined, everyMs: 0, stopped: false}
  const repeat = (action: () => void, everyMs: number): (() => void) => {
    Object.assign(state, {turn: action, everyMs})
    return () => {
      state.stopped = true
    }
  }
  return {state, repeat}
}

it('is there at once, again each 15 s and at the end, readable by all, and nothing beside it', async () => {
  const path = join(folder(), 'tail.prom')
  const {state, repeat} = clock()
  let count = 0
  const text = async (): Promise<string> => {
    count += 1
    return `count ${count}\n`
  }
  const mask = process.umask(0o077)
  onTestFinished(() => void process.umask(mask))
  const file = await MetricsFile.open({path, text, repeat, onProblem: expect.unreachable})
  expect([readFileSync(path, 'utf8'), state.everyMs]).toEqual(['count 1\n', 15_000])
  expect(statSync(path).mode & 0o777).toBe(0o644)
  state.turn()
  await vi.waitFor(() => expect(readFileSync(path, 'utf8')).toBe('count 2\n'), {interval: 5})
  await file.close()
  expect([readFileSync(path, 'utf8'), state.stopped]).toEqual(['count 3\n', true])
  expect(readdirSync(join(path, '..'))).toEqual(['tail.prom'])
})

it('is never seen in part: the old text stays until the new one is whole', async () => {
  const path = join(folder(), 'tail.prom')
  const {state, repeat} = clock()
  const texts = ['old\n', 'new\n', 'last\n']
  let release = (): void => undefined
  let asked = 0
  const text = async (): Promise<string> => {
    asked += 1
    if (asked === 2) await new Promise<void>(resolve => (release = resolve))
    return texts[asked - 1] ?? ''
  }
  const file = await MetricsFile.open({path, text, repeat, onProblem: expect.unreachable})
  state.turn()
  await vi.waitFor(() => expect(asked).toBe(2), {interval: 5})
  state.turn()
  expect([readFileSync(path, 'utf8'), asked]).toEqual(['old\n', 2])
  release()
  await file.close()
  expect(readFileSync(path, 'utf8')).toBe('last\n')
})

it('is a usage error where it cannot be written, and leaves nothing behind', async () => {
  const home = folder()
  const path = join(home, 'none', 'tail.prom')
  const text = async (): Promise<string> => 'x\n'
  await expect(MetricsFile.open({path, text, onProblem: expect.unreachable})).rejects.toMatchObject({
    code: 'usage',
    message: `cannot write the metrics file ${path} (ENOENT)`,
  })
  const taken = join(home, 'folder.prom')
  mkdirSync(taken)
  await expect(MetricsFile.open({path: taken, text, onProblem: expect.unreachable})).rejects.toMatchObject({
    code: 'usage',
  })
  expect(readdirSync(home)).toEqual(['folder.prom'])
})

it('tells of a failure once, until it can be written again, and ends in peace', async () => {
  const home = join(folder(), 'collector')
  mkdirSync(home)
  const path = join(home, 'tail.prom')
  const {state, repeat} = clock()
  const problems: string[] = []
  let count = 0
  const text = async (): Promise<string> => {
    count += 1
    return `count ${count}\n`
  }
  const file = await MetricsFile.open({path, text, repeat, onProblem: told => problems.push(told)})
  rmSync(home, {recursive: true})
  state.turn()
  await vi.waitFor(() => expect(problems).toHaveLength(1), {interval: 5})
  state.turn()
  mkdirSync(home)
  chmodSync(home, 0o755)
  await vi.waitFor(
    () => {
      state.turn()
      expect(readdirSync(home)).toContain('tail.prom')
    },
    {interval: 5},
  )
  rmSync(home, {recursive: true})
  await file.close()
  expect(problems).toEqual([
    `cannot write the metrics file ${path} (ENOENT)`,
    `cannot write the metrics file ${path} (ENOENT)`,
  ])
})

it('takes the place of a link, and leaves alone what that led to', async () => {
  const home = folder()
  const [path, target] = [join(home, 'tail.prom'), join(home, 'precious')]
  writeFileSync(target, 'mine\n')
  symlinkSync(target, path)
  const file = await MetricsFile.open({path, text: async () => 'x\n', onProblem: expect.unreachable})
  await file.close()
  expect([lstatSync(path).isFile(), readFileSync(target, 'utf8')]).toEqual([true, 'mine\n'])
})

it('keeps the old text on a full disk, and is written again once there is room', async context => {
  const home = folder()
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=32k', 'tmpfs', home])
  context.skip(mounted.status !== 0, 'nothing may be mounted here')
  onTestFinished(() => void spawnSync('umount', [home]))
  const [path, filler] = [join(home, 'tail.prom'), join(home, 'filler')]
  const {state, repeat} = clock()
  const problems: string[] = []
  let letter = 'a'
  const text = async (): Promise<string> => letter.repeat(6000)
  const file = await MetricsFile.open({path, text, repeat, onProblem: told => problems.push(told)})
  expect(() => writeFileSync(filler, 'x'.repeat(40_000))).toThrow('ENOSPC')
  letter = 'b'
  state.turn()
  await vi.waitFor(() => expect(problems).toHaveLength(1), {interval: 5})
  expect([readFileSync(path, 'utf8'), readdirSync(home)]).toEqual(['a'.repeat(6000), ['filler', 'tail.prom']])
  rmSync(filler)
  await file.close()
  expect(readFileSync(path, 'utf8')).toBe('b'.repeat(6000))
  expect(problems).toEqual([`cannot write the metrics file ${path} (ENOSPC)`])
})
