import {describe, expect, test} from 'vitest'
import {documentOf, ESCAPE, type Fields} from '../../support/chat.js'
import {atTerminal} from '../../support/veza.js'
import {makeDesk} from './kit.js'

const LIST = ['config', 'list']

const rowOf = (rows: readonly Fields[], key: string): Fields => rows.find(row => row.key === key) ?? {}

describe('config list', () => {
  test('a pipe gets key, value and source of every setting', async () => {
    const desk = makeDesk({VEZA_RETRIES: '7'})
    desk.write({room: 'ops'})
    const {code, stdout, stderr} = await desk.run(LIST)
    expect({code, stderr}).toEqual({code: 0, stderr: ''})
    expect(stdout).toMatch(/^profile\t\tdefault\nserver\thttp:\/\/localhost:8080\tdefault\n/)
    expect(stdout).toContain('retries\t7\tenvironment (VEZA_RETRIES)\n')
    expect(stdout).toContain(`room\tops\tuser file (${desk.file})\n`)
    expect(stdout).toContain('insecure\tfalse\tdefault\n')
    expect(stdout).not.toContain(ESCAPE)
  })

  test('a person gets a table, in colour', async () => {
    const {home} = makeDesk()
    const {code, screen} = await atTerminal(home, LIST)
    expect(code).toBe(0)
    const plain = screen.replaceAll(new RegExp(`${ESCAPE}\\[\\d+m`, 'g'), '')
    expect(plain).toMatch(/^KEY +VALUE +FROM\nprofile +- +default\n/)
    expect(plain).toMatch(/\nconnect_timeout +30s +default\n/)
    expect(screen).toContain(`${ESCAPE}[2mdefault`)
  })

  test('--json tells numbers as numbers, and leaves out what has no value', async () => {
    const {run} = makeDesk()
    const rows = documentOf<Fields[]>(await run([...LIST, '--json']))
    expect(rowOf(rows, 'retries')).toEqual({key: 'retries', value: 3, source: 'default'})
    expect(rowOf(rows, 'format')).toEqual({key: 'format', value: 'json', source: 'flag'})
    expect(rowOf(rows, 'room')).toEqual({key: 'room', source: 'default'})
  })

  test('every default of section 1 of the contract is there', async () => {
    const {run} = makeDesk()
    const rows = documentOf<Fields[]>(await run([...LIST, '--json']))
    const shown = Object.fromEntries(rows.map(row => [row.key, row.value]))
    expect(shown).toMatchObject({
      server: 'http://localhost:8080',
      api_path: '/api/v1',
      ws_path: '/ws',
      connect_timeout: '30s',
      read_timeout: '1m',
      write_timeout: '30s',
      ping_interval: '30s',
      retries: 3,
      max_retry_delay: '5m',
      rate_limit: 60,
      renew_before: '30s',
    })
  })

  test('flag, environment, project file, profile and user file, in this order', async () => {
    const desk = makeDesk()
    desk.write({room: 'user', profile: 'work', profiles: {work: {room: 'profile'}, home: {}}})
    const path = desk.project('repo', {room: 'project'})
    const room = async (folder: string, args: readonly string[] = [], env = {}): Promise<Fields> =>
      rowOf(documentOf(await desk.run([...LIST, '--json', ...args], folder, env)), 'room')

    expect(await room('repo/deep/er', [], {VEZA_ROOM: 'env'})).toMatchObject({
      value: 'env',
      source: 'environment',
      origin: 'VEZA_ROOM',
    })
    expect(await room('repo/deep/er')).toMatchObject({value: 'project', source: 'project file', origin: path})
    expect(await room('elsewhere')).toMatchObject({value: 'profile', source: 'profile', origin: 'work'})
    expect(await room('elsewhere', ['--profile', 'home'])).toMatchObject({
      value: 'user',
      source: 'user file',
      origin: desk.file,
    })
    const server = documentOf<Fields[]>(await desk.run([...LIST, '--json', '--server', 'http://localhost:1']))
    expect(rowOf(server, 'server')).toMatchObject({value: 'http://localhost:1', source: 'flag'})
  })

  test('the profile is that of the flag, of the environment, of the project file, of the user file', async () => {
    const desk = makeDesk()
    desk.write({profile: 'a', profiles: {a: {}, b: {}, c: {}, d: {}}})
    desk.project('repo', {profile: 'b'})
    const profile = async (folder: string, args: readonly string[] = [], env = {}): Promise<unknown> =>
      rowOf(documentOf(await desk.run([...LIST, '--json', ...args], folder, env)), 'profile').value
    expect(await profile('.')).toBe('a')
    expect(await profile('repo')).toBe('b')
    expect(await profile('repo', [], {VEZA_PROFILE: 'c'})).toBe('c')
    expect(await profile('repo', ['--profile', 'd'], {VEZA_PROFILE: 'c'})).toBe('d')
  })

  test('the nearest project file counts, alone', async () => {
    const desk = makeDesk()
    desk.project('.', {room: 'far', format: 'json'})
    desk.project('repo', {room: 'near'})
    const {stdout} = await desk.run(LIST, 'repo/src')
    expect(stdout).toMatch(/^room\tnear\tproject file/m)
    expect(stdout).toMatch(/^format\ttext\tdefault$/m)
  })

  test('format makes JSON the rule, and text undoes it', async () => {
    const desk = makeDesk()
    desk.project('repo', {format: 'json'})
    expect(documentOf<Fields[]>(await desk.run(LIST, 'repo'))).toBeInstanceOf(Array)
    const {stdout} = await desk.run(LIST, 'repo', {VEZA_FORMAT: 'text'})
    expect(stdout).toContain('format\ttext\tenvironment (VEZA_FORMAT)\n')
  })
})
