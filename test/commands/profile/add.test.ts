import {existsSync} from 'node:fs'
import {describe, expect, test} from 'vitest'
import {documentOf, errorOf} from '../../support/chat.js'
import {atTerminal} from '../../support/veza.js'
import {makeDesk} from '../config/kit.js'

const add = (...words: string[]): string[] => ['profile', 'add', ...words]
const WORK = add('work', '--server', 'https://Chat.example.org/', '--username', 'ann', '--room', '#ops')

describe('profile add', () => {
  test('a pipe gets the profile; it is stored, and not put in use', async () => {
    const desk = makeDesk()
    desk.write({$schema: 's', room: 'top', profiles: {home: {room: 'h'}}})
    const {code, stdout, stderr} = await desk.run(WORK)
    expect({code, stderr}).toEqual({code: 0, stderr: ''})
    expect(stdout).toBe(
      'name:\twork\nserver:\thttps://chat.example.org\nusername:\tann\nroom:\t#ops\ncurrent:\t\n',
    )
    expect(desk.content()).toEqual({
      $schema: 's',
      room: 'top',
      profiles: {
        home: {room: 'h'},
        work: {server: 'https://chat.example.org', username: 'ann', room: '#ops'},
      },
    })
  })

  test('a person gets it without what it does not set', async () => {
    const {home} = makeDesk()
    const {code, screen} = await atTerminal(home, add('empty', '--no-color'))
    expect({code, screen}).toEqual({code: 0, screen: 'name:     empty\n'})
  })

  test('--json is one document', async () => {
    const {run} = makeDesk()
    expect(documentOf(await run([...WORK, '--json']))).toEqual({
      name: 'work',
      current: false,
      server: 'https://chat.example.org',
      username: 'ann',
      room: '#ops',
    })
  })

  test('a name that is taken is a conflict, and nothing changes', async () => {
    const desk = makeDesk()
    desk.write({profiles: {work: {room: 'a'}}})
    const run = await desk.run([...WORK, '--json'])
    expect(run).toMatchObject({code: 8, stdout: ''})
    expect(errorOf(run)).toMatchObject({code: 'conflict', message: 'there is a profile work already'})
    expect(desk.content()).toEqual({profiles: {work: {room: 'a'}}})
  })

  test.each([
    [add('a b'), 'NAME wants a name of 1 to 64 letters, digits, _ and -'],
    [add(''), 'NAME wants a name of 1 to 64 letters, digits, _ and -'],
    [add('x'.repeat(65)), 'NAME wants a name of 1 to 64 letters, digits, _ and -'],
    [add('a.b'), 'NAME wants a name of 1 to 64 letters, digits, _ and -'],
    [add('a', '--server', 'chat.example.org'), '--server is not an address'],
    [add('a', '--server', 'http://x:hunter2@y'), '--server must not carry a user name or password'],
    [add('a', '--username', ' '), '--username is empty'],
    [add('a', '--room', ''), '--room is empty'],
    [add(), 'missing argument NAME'],
  ])('%j is a usage error', async (args, message) => {
    const desk = makeDesk()
    const run = await desk.run([...args, '--json'])
    expect(run).toMatchObject({code: 2, stdout: ''})
    expect(errorOf(run)).toMatchObject({code: 'usage', message})
    expect(run.stderr).not.toContain('hunter2')
    expect(existsSync(desk.file)).toBe(false)
  })

  test('a name that every object has is a name like others', async () => {
    const desk = makeDesk()
    for (const name of ['constructor', '__proto__']) {
      expect((await desk.run(add(name, '--room', name))).code).toBe(0)
      expect((await desk.run(['config', 'get', 'room', '--profile', name])).stdout).toBe(`${name}\n`)
    }
  })

  test('of many at once none is lost', async () => {
    const desk = makeDesk()
    const names = ['a', 'b', 'c', 'd', 'e', 'f']
    await Promise.all(names.map(name => desk.run(add(name, '--room', name))))
    expect(desk.content()).toEqual({profiles: Object.fromEntries(names.map(name => [name, {room: name}]))})
  })
})
