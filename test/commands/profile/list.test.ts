import {describe, expect, test} from 'vitest'
import {documentOf, ESCAPE, type Fields} from '../../support/chat.js'
import {atTerminal} from '../../support/veza.js'
import {makeDesk} from '../config/kit.js'

const LIST = ['profile', 'list']
const PROFILES = {
  work: {server: 'https://w', username: 'ann', room: 15},
  home: {server: 'http://localhost:1'},
}

describe('profile list', () => {
  test('a pipe gets one a line, by name, the one in use marked', async () => {
    const desk = makeDesk()
    desk.write({profile: 'work', profiles: PROFILES})
    expect(await desk.run(LIST)).toEqual({
      code: 0,
      stdout: 'home\thttp://localhost:1\t\t\t\nwork\thttps://w\tann\t15\t*\n',
      stderr: '',
    })
  })

  test('a person gets a table, the one in use in bold', async () => {
    const desk = makeDesk()
    desk.write({profile: 'work', profiles: PROFILES})
    const {screen} = await atTerminal(desk.home, LIST)
    const plain = screen.replaceAll(new RegExp(`${ESCAPE}\\[\\d+m`, 'g'), '')
    expect(plain).toMatch(/^NAME +SERVER +USERNAME +ROOM +CURRENT\n/)
    expect(plain).toMatch(/\nwork +https:\/\/w +ann +15 +\*\n/)
    expect(screen).toContain(`${ESCAPE}[1mwork`)
    expect(screen).not.toContain(`${ESCAPE}[1mhome`)
  })

  test('--json is one array', async () => {
    const desk = makeDesk()
    desk.write({profiles: PROFILES})
    expect(documentOf<Fields[]>(await desk.run([...LIST, '--json']))).toEqual([
      {name: 'home', current: false, server: 'http://localhost:1'},
      {name: 'work', current: false, server: 'https://w', username: 'ann', room: '15'},
    ])
  })

  test('none is told on stderr, and is no failure', async () => {
    const {run} = makeDesk()
    expect(await run(LIST)).toEqual({code: 0, stdout: '', stderr: 'no profiles\n'})
    expect((await run([...LIST, '--json'])).stdout).toBe('[]\n')
  })

  test('marks the one that holds here: of the environment, of the project file, of the user file', async () => {
    const desk = makeDesk()
    desk.write({profile: 'a', profiles: {a: {}, b: {}, c: {}}})
    desk.project('repo', {profile: 'b'})
    const current = async (folder: string, env = {}): Promise<unknown> =>
      documentOf<Fields[]>(await desk.run([...LIST, '--json'], folder, env)).find(row => row.current)?.name
    expect(await current('.')).toBe('a')
    expect(await current('repo')).toBe('b')
    expect(await current('repo', {VEZA_PROFILE: 'c'})).toBe('c')
  })

  test('works when the one in use is not there', async () => {
    const desk = makeDesk()
    desk.write({profile: 'gone', profiles: {work: {}}})
    expect(await desk.run(LIST)).toEqual({code: 0, stdout: 'work\t\t\t\t\n', stderr: ''})
  })

  test.each([
    ['{"profiles": []}', 'profiles in FILE is no object'],
    ['{"profiles": {"a": 1}}', 'the profile a in FILE is no object'],
    ['{"profiles": {"a": {"rom": 1}}}', 'the profile a in FILE must not set rom'],
  ])('%s is a config error', async (text, message) => {
    const desk = makeDesk()
    desk.write(text)
    const {code, stderr} = await desk.run(LIST)
    expect(code).toBe(2)
    expect(stderr).toMatch(`error: ${message.replace('FILE', desk.file)}\n`)
  })
})
