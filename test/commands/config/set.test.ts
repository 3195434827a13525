import {chmodSync, existsSync, statSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {documentOf, ESCAPE, errorOf} from '../../support/chat.js'
import {atTerminal} from '../../support/veza.js'
import {makeDesk} from './kit.js'

const set = (...words: string[]): string[] => ['config', 'set', ...words]

describe('config set', () => {
  test('a pipe gets what was set and where; the file is for its owner alone', async () => {
    const desk = makeDesk()
    const {code, stdout, stderr} = await desk.run(set('retries', '5'))
    expect({code, stderr}).toEqual({code: 0, stderr: ''})
    expect(stdout).toBe(`key:\tretries\nvalue:\t5\nfrom:\tuser file (${desk.file})\n`)
    expect(desk.text()).toBe('{\n  "retries": 5\n}\n')
    expect((statSync(desk.file).mode & 0o777).toString(8)).toBe('600')
  })

  test('a person gets the same, in colour', async () => {
    const {home} = makeDesk()
    const {code, screen} = await atTerminal(home, set('room', '#ops'))
    expect(code).toBe(0)
    expect(screen).toMatch(/value:\S* +#ops\n/)
    expect(screen).toContain(ESCAPE)
  })

  test('--json is one document', async () => {
    const {run, file} = makeDesk()
    expect(documentOf(await run(set('require_keychain', 'yes', '--json')))).toEqual({
      key: 'require_keychain',
      value: true,
      source: 'user file',
      origin: file,
    })
  })

  test('what is there stays, also what veza does not know, and so does its order', async () => {
    const desk = makeDesk()
    desk.write({$schema: 'https://x', retires: 1, room: 'a', profiles: {work: {unknown: [1]}}, server: 'x'})
    expect((await desk.run(set('room', 'b'))).code).toBe(0)
    expect(JSON.stringify(desk.content())).toBe(
      '{"$schema":"https://x","retires":1,"room":"b","profiles":{"work":{"unknown":[1]}},"server":"x"}',
    )
  })

  test('--profile and VEZA_PROFILE write to the profile', async () => {
    const desk = makeDesk()
    desk.write({profiles: {work: {}, home: {}}})
    await desk.run(set('room', 'a', '--profile', 'work'))
    await desk.run(set('room', 'b'), '.', {VEZA_PROFILE: 'home'})
    await desk.run(set('profile', 'work'), '.', {VEZA_PROFILE: 'home'})
    expect(desk.content()).toEqual({profile: 'work', profiles: {work: {room: 'a'}, home: {room: 'b'}}})
  })

  test.each([
    ['timeout', '90', '90s'],
    ['timeout', '120s', '2m'],
    ['server', 'HTTPS://Chat.Example.ORG/', 'https://chat.example.org'],
    ['api_path', '/v2/', '/v2'],
    ['rate_limit', '0', 0],
    ['format', 'json', 'json'],
  ])('%s %s is stored as it is read', async (key, text, stored) => {
    const desk = makeDesk()
    expect((await desk.run(set(key, text))).code).toBe(0)
    expect(desk.content()).toEqual({[key]: stored})
  })

  test('a path is stored so that it holds in every folder', async () => {
    const desk = makeDesk()
    await desk.run(set('ca', 'certs/ca.pem'), 'repo')
    expect(desk.content()).toEqual({ca: join(desk.home.folder, 'repo', 'certs', 'ca.pem')})
  })

  test.each([
    ['retries', 'many', 'retries wants a whole number from 0 to 100'],
    ['timeout', 'soon', 'timeout wants a duration'],
    ['ping_interval', '0', 'ping_interval must be longer than 0'],
    ['server', 'ftp://x', 'server wants an http or https address'],
    ['server', 'http://ann:hunter2@x', 'server must not carry a user name or password'],
    ['require_keychain', 'maybe', 'require_keychain wants true or false'],
    ['format', 'xml', 'format wants one of: text, json'],
    ['ws_path', 'ws', 'ws_path wants a path on the server'],
    ['room', '', 'room is empty'],
    ['profile', 'a b', 'profile wants a name of 1 to 64 letters, digits, _ and -'],
    ['profile', 'gone', 'there is no profile gone'],
    ['retires', '3', 'cannot set retires'],
    ['token', 'hunter2', 'cannot set token'],
    ['password', 'hunter2', 'cannot set password'],
    ['insecure', 'true', 'cannot set insecure'],
    ['profiles', '{}', 'cannot set profiles'],
  ])('%s %j is refused before anything is written', async (key, value, message) => {
    const desk = makeDesk()
    const run = await desk.run(set(key, value, '--json'))
    expect(run).toMatchObject({code: 2, stdout: ''})
    expect(errorOf(run).message).toBe(message)
    expect(run.stderr).not.toContain('hunter2')
    expect(existsSync(desk.file)).toBe(false)
  })

  test.each([
    ['token', 'secrets do not belong in settings'],
    ['insecure', '--insecure'],
    ['retires', 'did you mean retries?'],
  ])('why %s is refused is told', async (key, reason) => {
    expect((await makeDesk().run(set(key, 'x'))).stderr).toMatch(
      new RegExp(`^hint: .*${reason.replace('?', '\\?')}`, 'm'),
    )
  })

  test.each([
    [['room', 'x', '--profile', 'wrk'], 'there is no profile wrk'],
    [['profile', 'work', '--profile', 'work'], 'cannot set profile'],
  ])('%j is refused', async (words, message) => {
    const desk = makeDesk()
    desk.write({profiles: {work: {}}})
    const run = await desk.run(set(...words, '--json'))
    expect(run.code).toBe(2)
    expect(errorOf(run).message).toBe(message)
    expect(desk.content()).toEqual({profiles: {work: {}}})
  })

  test('a broken file is named with the place, quoted nowhere and left as it is', async () => {
    const desk = makeDesk()
    desk.write('{\n  "room": "hunter2",\n}')
    const {code, stderr} = await desk.run(set('retries', '5'))
    expect(code).toBe(2)
    expect(stderr).toMatch(`error: ${desk.file} is not valid JSON: line 3, column 1\nhint: `)
    expect(stderr).not.toContain('hunter2')
    expect(desk.text()).toBe('{\n  "room": "hunter2",\n}')
  })

  test('a folder that cannot be made is named, with the variable that names another', async () => {
    const desk = makeDesk()
    desk.write('{}')
    const inFile = {VEZA_CONFIG_DIR: join(desk.file, 'sub')}
    const {code, stderr} = await desk.run(set('retries', '5'), '.', inFile)
    expect(code).toBe(2)
    expect(stderr).toContain(`error: cannot write ${join(desk.file, 'sub', 'config.json')} (ENOTDIR)\n`)
    expect(stderr).toContain('VEZA_CONFIG_DIR')
  })

  test('what outranks it is told', async () => {
    const desk = makeDesk()
    desk.write({profile: 'work', profiles: {work: {room: 'w'}}})
    const [profile, environment, none] = [
      await desk.run(set('room', 'x')),
      await desk.run(set('retries', '5'), '.', {VEZA_RETRIES: '1'}),
      await desk.run(set('rate_limit', '5')),
    ]
    expect(profile.stderr).toBe('warning: the profile (work) sets room, too, and outranks this\n')
    expect(environment.stderr).toBe(
      'warning: the environment (VEZA_RETRIES) sets retries, too, and outranks this\n',
    )
    expect(none.stderr).toBe('')
  })

  test('of many at once none is lost', async () => {
    const desk = makeDesk()
    const keys = [
      'connect_timeout',
      'read_timeout',
      'write_timeout',
      'ping_interval',
      'retry_delay',
      'renew_before',
    ]
    const runs = await Promise.all(keys.map(key => desk.run(set(key, '17s'))))
    expect(runs.map(run => run.code)).toEqual(keys.map(() => 0))
    expect(desk.content()).toEqual(Object.fromEntries(keys.map(key => [key, '17s'])))
  })

  test('mends a file that keeps everything else from running', async () => {
    const desk = makeDesk()
    desk.write({retries: 'many', profile: 'gone'})
    expect((await desk.run(['config', 'list'])).code).toBe(2)
    expect((await desk.run(set('retries', '5'))).code).toBe(0)
    expect((await desk.run(['config', 'unset', 'profile'])).code).toBe(0)
    expect((await desk.run(['config', 'list'])).code).toBe(0)
  })

  test('a file that others may read is closed to them', async () => {
    const desk = makeDesk()
    desk.write({})
    chmodSync(desk.file, 0o666)
    chmodSync(dirname(desk.file), 0o755)
    await desk.run(set('retries', '5'))
    expect((statSync(desk.file).mode & 0o777).toString(8)).toBe('600')
  })
})
