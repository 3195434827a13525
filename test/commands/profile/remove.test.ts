import {describe, expect, test} from 'vitest'
import {errorOf} from '../../support/chat.js'
import {atTerminal} from '../../support/veza.js'
import {makeDesk} from '../config/kit.js'

const remove = (...words: string[]): string[] => ['profile', 'remove', ...words]
const CONTENT = {room: 'top', profile: 'work', profiles: {work: {room: 'ops'}, home: {}}}

function desk(env: NodeJS.ProcessEnv = {}) {
  const made = makeDesk(env)
  made.write(CONTENT)
  return made
}

describe('profile remove', () => {
  test('--yes removes it; the one in use falls back to none', async () => {
    const {run, content} = desk()
    expect(await run(remove('work', '--yes'))).toEqual({
      code: 0,
      stdout: '',
      stderr: 'removed the profile work\n',
    })
    expect(content()).toEqual({room: 'top', profiles: {home: {}}})
    expect((await run(['config', 'get', 'room'])).stdout).toBe('top\n')
  })

  test('another one leaves the one in use', async () => {
    const {run, content} = desk()
    expect((await run(remove('home', '-y', '--json'))).code).toBe(0)
    expect(content()).toEqual({room: 'top', profile: 'work', profiles: {work: {room: 'ops'}}})
  })

  test.each([
    ['yes', 0, {room: 'top', profiles: {home: {}}}],
    ['n', 1, CONTENT],
    ['', 1, CONTENT],
  ])('a person is asked, and answers %j', async (answer, expected, left) => {
    const {home, content} = desk()
    const typing = [{prompt: 'Really remove the profile work? (y/N): ', typed: `${answer}\r`}]
    const {code} = await atTerminal(home, remove('work'), {typing})
    expect(code).toBe(expected)
    expect(content()).toEqual(left)
  })

  test.each([
    ['without a terminal', []],
    ['with --no-input', ['--no-input']],
  ])('%s --yes is needed', async (_, more) => {
    const {run, content} = desk()
    const ended = await run([...remove('work', '--json'), ...more])
    expect(ended).toMatchObject({code: 2, stdout: ''})
    expect(errorOf(ended)).toMatchObject({
      code: 'usage',
      message: 'not confirmed: remove the profile work',
      hint: 'confirm it with --yes',
    })
    expect(content()).toEqual(CONTENT)
  })

  test('in CI nobody is asked, not even at a terminal', async () => {
    const {home, content} = desk({CI: 'true'})
    expect((await atTerminal(home, remove('work'))).code).toBe(2)
    expect(content()).toEqual(CONTENT)
  })

  test('one that is not there is refused before anybody is asked', async () => {
    const {home, content} = desk()
    const {code, screen} = await atTerminal(home, remove('hom'))
    expect(code).toBe(2)
    expect(screen).toBe('error: there is no profile hom\nhint: did you mean home?\n')
    expect(content()).toEqual(CONTENT)
  })
})
