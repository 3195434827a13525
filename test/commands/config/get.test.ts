import {describe, expect, test} from 'vitest'
import {documentOf, ESCAPE, errorOf} from '../../support/chat.js'
import {atTerminal} from '../../support/veza.js'
import {makeDesk} from './kit.js'

describe('config get', () => {
  test('a pipe gets the bare value', async () => {
    const {run} = makeDesk()
    expect(await run(['config', 'get', 'connect_timeout'])).toEqual({code: 0, stdout: '30s\n', stderr: ''})
  })

  test('a person gets it, too, without what a terminal could act on', async () => {
    const desk = makeDesk()
    desk.write({room: `a${ESCAPE}[31mb`})
    const {code, screen} = await atTerminal(desk.home, ['config', 'get', 'room'])
    expect(code).toBe(0)
    expect(screen).not.toContain(ESCAPE)
    expect(screen).toMatch(/^a.*b\n$/)
  })

  test('--json tells where it came from', async () => {
    const desk = makeDesk({VEZA_PROFILE: 'work'})
    desk.write({profiles: {work: {room: 'ops'}}})
    expect(documentOf(await desk.run(['config', 'get', 'room', '--json']))).toEqual({
      key: 'room',
      value: 'ops',
      source: 'profile',
      origin: 'work',
    })
  })

  test('what has no value is 7', async () => {
    const run = await makeDesk().run(['config', 'get', 'room', '--json'])
    expect(run).toMatchObject({code: 7, stdout: ''})
    expect(errorOf(run)).toMatchObject({code: 'not_found', message: 'room has no value'})
  })

  test.each([
    ['retires', 'there is no setting retires', 'did you mean retries?'],
    ['constructor', 'there is no setting constructor', 'see veza config list'],
    ['hunter2 and more', 'there is no setting (unreadable)', 'see veza config list'],
  ])('%s is no setting', async (key, message, hint) => {
    const {code, stdout, stderr} = await makeDesk().run(['config', 'get', key])
    expect({code, stdout}).toEqual({code: 2, stdout: ''})
    expect(stderr).toBe(`error: ${message}\nhint: ${hint}\n`)
  })
})
