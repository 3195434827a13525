import {PassThrough, Writable} from 'node:stream'
import {describe, expect, it} from 'vitest'
import {type CredentialSources, readCredentials} from '../../../src/lib/cli/credentials.js'
import {processEnvironment} from '../../../src/lib/config/environment.js'
import {VezaError} from '../../../src/lib/errors/veza-error.js'
import {createIo, type Io} from '../../../src/lib/output/io.js'

/** Streams with these bytes waiting on stdin, and whether stdin and stderr are a terminal. */
function ioWith(input: readonly (string | Buffer)[] = [], {isTTY = false, ended = true} = {}) {
  const stdin = Object.assign(new PassThrough(), {isTTY})
  for (const chunk of input) stdin.write(chunk)
  if (ended) stdin.end()
  const shown: string[] = []
  const stderr = Object.assign(
    new Writable({
      write(chunk, _encoding, done) {
        shown.push(String(chunk))
        done()
      },
    }),
    {isTTY},
  )
  const io: Io = createIo({stdin, stdout: new PassThrough(), stderr})
  return {io, stdin, shown}
}

const read = (sources: Partial<CredentialSources> & {env?: Record<string, string>}) => {
  const {env = {}, ...given} = sources
  return readCredentials({
    username: 'ann',
    passwordStdin: false,
    noInput: false,
    environment: processEnvironment(env),
    io: ioWith().io,
    signal: new AbortController().signal,
    ...given,
  })
}

async function refusal(call: Promise<unknown>): Promise<VezaError> {
  const error = await call.catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(VezaError)
  return error as VezaError
}

describe('the password', () => {
  it("comes from the environment, ours before the guide's", async () => {
    const guide = {BOT_PASSWORD: 'theirs'}
    expect(await read({env: guide})).toEqual({username: 'ann', password: 'theirs'})
    expect((await read({env: {...guide, VEZA_PASSWORD: 'ours'}})).password).toBe('ours')
  })

  it('comes from stdin before the environment where that is asked for', async () => {
    const {io} = ioWith(['from stdin\n'])
    const env = {VEZA_PASSWORD: 'ours'}
    expect((await read({passwordStdin: true, io, env})).password).toBe('from stdin')
  })

  it('is missing where stdin is empty', async () => {
    const error = await refusal(read({passwordStdin: true}))
    expect([error.code, error.message]).toEqual(['usage', 'the password is missing'])
  })

  it('is no part of the wait after an abort', async () => {
    const controller = new AbortController()
    const {io, stdin} = ioWith(['sec'], {ended: false})
    const reading = refusal(read({passwordStdin: true, io, signal: controller.signal}))
    await new Promise(resolve => setImmediate(resolve))
    controller.abort()
    expect((await reading).message).not.toContain('sec')
    expect(stdin.destroyed).toBe(true)
  })
})

describe('what is missing where nobody can be asked', () => {
  const cases: readonly [string, Partial<CredentialSources> & {env?: Record<string, string>}][] = [
    ['no terminal', {}],
    ['--no-input', {io: ioWith([], {isTTY: true}).io, noInput: true}],
    ['a CI system', {io: ioWith([], {isTTY: true}).io, env: {CI: 'true'}}],
  ]

  it.each(cases)('(%s) is named with its flag and its variable', async (_, sources) => {
    const user = await refusal(read({...sources, username: undefined}))
    expect([user.code, user.exitCode, user.message]).toEqual(['usage', 2, 'the user name is missing'])
    expect(user.hint).toBe('give it with --username or VEZA_USERNAME')
    const password = await refusal(read(sources))
    expect([password.code, password.message]).toEqual(['usage', 'the password is missing'])
    expect(password.hint).toBe('give it with --password-stdin or VEZA_PASSWORD')
  })

  it('counts an empty user name as missing', async () => {
    expect((await refusal(read({username: '', env: {VEZA_PASSWORD: 'x'}}))).message).toContain('user name')
  })
})

describe('at a terminal', () => {
  it('asks for the user name on stderr', async () => {
    const {io, shown} = ioWith(['ann\n'], {isTTY: true, ended: false})
    const credentials = await read({username: undefined, io, env: {VEZA_PASSWORD: 'right'}})
    expect(credentials).toEqual({username: 'ann', password: 'right'})
    expect(shown.join('')).toContain('User name: ')
  })

  it('asks for the password and shows nothing of it', async () => {
    const {io, stdin, shown} = ioWith([], {isTTY: true, ended: false})
    const reading = read({io})
    while (!shown.join('').includes('Password')) await new Promise(resolve => setImmediate(resolve))
    stdin.write('hunter2\r')
    expect(await reading).toEqual({username: 'ann', password: 'hunter2'})
    expect(shown.join('')).not.toContain('hunter2')
  })

  it('asks nothing that is known', async () => {
    const {io, shown} = ioWith([], {isTTY: true})
    await read({io, env: {VEZA_PASSWORD: 'right'}})
    expect(shown).toEqual([])
  })
})
