import {describe, expect, test} from 'vitest'
import {makeDesk} from './kit.js'

const unset = (...words: string[]): string[] => ['config', 'unset', ...words]

describe('config unset', () => {
  test('removes one setting, says so on stderr and leaves the rest', async () => {
    const desk = makeDesk()
    desk.write({$schema: 's', room: 'a', retries: 5})
    expect(await desk.run(unset('room'))).toEqual({code: 0, stdout: '', stderr: 'removed room\n'})
    expect(desk.content()).toEqual({$schema: 's', retries: 5})
  })

  test('what was not set is no failure, and the file is not touched', async () => {
    const desk = makeDesk()
    desk.write('{"retries":5}')
    expect(await desk.run(unset('room'))).toEqual({code: 0, stdout: '', stderr: 'room was not set\n'})
    expect(desk.text()).toBe('{"retries":5}')
  })

  test('--profile removes from the profile', async () => {
    const desk = makeDesk()
    desk.write({room: 'a', profiles: {work: {room: 'b'}}})
    expect((await desk.run(unset('room', '--profile', 'work', '--json'))).code).toBe(0)
    expect(desk.content()).toEqual({room: 'a', profiles: {work: {}}})
  })

  test.each(['retires', 'insecure', 'token'])(
    'removes %s, which keeps everything else from running',
    async key => {
      const desk = makeDesk()
      desk.write({[key]: 'hunter2', room: 'a'})
      expect((await desk.run(['config', 'get', 'room'])).code).toBe(2)
      expect((await desk.run(unset(key))).code).toBe(0)
      expect((await desk.run(['config', 'get', 'room'])).stdout).toBe('a\n')
    },
  )

  test.each([
    ['rom', 'there is no setting rom', 'did you mean room?'],
    ['profiles', 'there is no setting profiles', 'did you mean profile?'],
    ['__proto__', 'there is no setting __proto__', 'see veza config list'],
  ])('%s is refused', async (key, message, hint) => {
    const desk = makeDesk()
    desk.write({profiles: {work: {}}})
    const {code, stderr} = await desk.run(unset(key))
    expect(code).toBe(2)
    expect(stderr).toBe(`error: ${message}\nhint: ${hint}\n`)
    expect(desk.content()).toEqual({profiles: {work: {}}})
  })

  test('a profile that is not there is refused', async () => {
    const desk = makeDesk()
    desk.write({profiles: {production: {}}})
    const {code, stderr} = await desk.run(unset('room', '--profile', 'producton'))
    expect(code).toBe(2)
    expect(stderr).toBe('error: there is no profile producton\nhint: did you mean production?\n')
  })
})
