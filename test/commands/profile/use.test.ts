import {describe, expect, test} from 'vitest'
import {documentOf, errorOf} from '../../support/chat.js'
import {openSandbox} from '../../support/sandbox.js'
import {atTerminal} from '../../support/veza.js'
import {makeDesk} from '../config/kit.js'

const use = (...words: string[]): string[] => ['profile', 'use', ...words]

describe('profile use', () => {
  test('a pipe gets the profile; its settings hold from now on', async () => {
    const desk = makeDesk()
    desk.write({room: 'top', profiles: {work: {room: 'ops'}}})
    const {code, stdout, stderr} = await desk.run(use('work'))
    expect({code, stderr}).toEqual({code: 0, stderr: ''})
    expect(stdout).toBe('name:\twork\nserver:\t\nusername:\t\nroom:\tops\ncurrent:\t*\n')
    expect(desk.content()).toEqual({room: 'top', profile: 'work', profiles: {work: {room: 'ops'}}})
    expect((await desk.run(['config', 'get', 'room'])).stdout).toBe('ops\n')
  })

  test('a person gets what it sets', async () => {
    const desk = makeDesk()
    desk.write({profiles: {work: {room: 'ops'}}})
    const {code, screen} = await atTerminal(desk.home, use('work', '--no-color'))
    expect({code, screen}).toEqual({code: 0, screen: 'name:     work\nroom:     ops\ncurrent:  *\n'})
  })

  test('--json is one document', async () => {
    const desk = makeDesk()
    desk.write({profiles: {work: {}}})
    expect(documentOf(await desk.run(use('work', '--json')))).toEqual({name: 'work', current: true})
  })

  test('one that is not there is refused with the nearest, and nothing changes', async () => {
    const desk = makeDesk()
    desk.write({profile: 'home', profiles: {home: {}, production: {}}})
    const run = await desk.run(use('producton', '--json'))
    expect(run).toMatchObject({code: 2, stdout: ''})
    expect(errorOf(run)).toMatchObject({
      code: 'usage',
      message: 'there is no profile producton',
      hint: 'did you mean production?',
    })
    expect(desk.content()).toMatchObject({profile: 'home'})
  })

  test('what outranks it is told', async () => {
    const desk = makeDesk()
    desk.write({profiles: {work: {}, home: {}}})
    const path = desk.project('repo', {profile: 'home'})
    expect((await desk.run(use('work'), 'repo')).stderr).toBe(
      `warning: the project file (${path}) sets profile, too, and outranks this\n`,
    )
    expect((await desk.run(use('work'), '.', {VEZA_PROFILE: 'home'})).stderr).toBe(
      'warning: the environment (VEZA_PROFILE) sets profile, too, and outranks this\n',
    )
  })

  test('a sign-in remembers the server in the profile in use, others keep theirs', async () => {
    const [one, other] = await Promise.all([openSandbox(), openSandbox()])
    const desk = makeDesk({VEZA_PASSWORD: 'alice-pass'})
    desk.write({profile: 'work', profiles: {work: {}, home: {}}})
    const login = ['auth', 'login', '--username', 'alice', '--insecure-storage']
    const runs = [
      await desk.run([...login, '--server', one.url]),
      await desk.run([...login, '--server', other.url, '--profile', 'home']),
    ]
    expect(runs.map(run => run.code)).toEqual([0, 0])
    expect(desk.content()).toEqual({
      profile: 'work',
      profiles: {work: {server: one.url}, home: {server: other.url}},
    })
    const stored = {VEZA_PASSWORD: ''}
    const status = async (...args: string[]): Promise<unknown> =>
      documentOf(await desk.run(['auth', 'status', '--json', ...args], '.', stored)).server
    expect(await status()).toBe(one.url)
    expect(await status('--profile', 'home')).toBe(other.url)
  })
})
