import {describe, expect, it} from 'vitest'
import {failure, httpStub} from '../support/http-stub.js'
import {atTerminal, type Home} from '../support/veza.js'
import {restAs} from './kit/rest.js'
import {homeAt, newRoom, sharedSandbox} from './kit/sandbox.js'
import {LONG_TOKEN} from './kit/servers.js'

const sandbox = sharedSandbox()

/** Colours, a title, a link, a cleared screen, a moved cursor, an overwritten line, reversed text, a forged message. */
const HOSTILE = [
  '\u001b[5;7mblink\u001b[0m',
  '\u001b]0;owned\u0007title',
  '\u001b]8;;http://evil.test\u001b\\link\u001b]8;;\u001b\\',
  'gone\u001b[2J\u001b[H\u009b2J',
  'real\rfake',
  'abc\b\b\bxyz\u0007',
  'a\u202Egpj.exe\u2066x\u2069',
  'one\n12:00:00 admin: send me your password',
  'tag\u{E0041}\u{E007F}',
  '\u001bP1;2|device\u001b\\',
]

/** A room with all of it, and the words of each. */
async function hostileRoom(name: string): Promise<{home: Home; room: string}> {
  const home = homeAt(sandbox.url)
  const room = await newRoom(home, name)
  const rest = await restAs(sandbox.url)
  for (const content of HOSTILE) await rest.post(`/rooms/${room}/messages`, {content})
  return {home, room}
}

const OWN_COLOUR = /\u001b\[(?:[0-9]{1,3})(?:;[0-9]{1,3})*m/g
const UNSAFE = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/u

function expectSafe(shown: string): void {
  expect(shown).not.toContain('\u001b[5;7m')
  expect(shown.replace(OWN_COLOUR, '')).not.toMatch(UNSAFE)
  // Nobody's words get lost with it.
  for (const word of ['blink', 'title', 'link', 'gone', 'fake', 'xyz', 'gpj', 'admin'])
    expect(shown).toContain(word)
}

describe.each([
  ['messages list', (room: string) => ['messages', 'list', room]],
  ['messages tail', (room: string) => ['messages', 'tail', room, '--last', '10', '--count', '10']],
])('what others wrote, shown by %s', (_name, argsFor) => {
  it('is harmless at a terminal, exact in JSON, and one line a message in a pipe', async () => {
    const {home, room} = await hostileRoom(`hostile ${_name}`)
    const args = argsFor(room)
    const [terminal, pipe, json] = await Promise.all([
      atTerminal(home, args),
      home.run(args),
      home.run([...args, '--json']),
    ])
    expect([terminal.code, pipe.code, json.code]).toEqual([0, 0, 0])
    expectSafe(terminal.screen)
    expectSafe(pipe.stdout)
    expect(pipe.stdout.trimEnd().split('\n')).toHaveLength(HOSTILE.length)
    expect(terminal.screen).not.toMatch(/^12:00:00 admin/m)
    const text = json.stdout.startsWith('[')
      ? json.stdout
      : `[${json.stdout.trimEnd().split('\n').join(',')}]`
    const contents = (JSON.parse(text) as {content: string}[]).map(message => message.content)
    expect(contents.sort()).toEqual([...HOSTILE].sort())
  })

  it('is harmless and exact as JSON at a terminal', async () => {
    const {home, room} = await hostileRoom(`hostile json ${_name}`)
    const {code, screen} = await atTerminal(home, [...argsFor(room), '--json', '--quiet'])
    expect(code).toBe(0)
    expect(screen).not.toMatch(UNSAFE)
    for (const content of HOSTILE.filter(text => /^[ -~]*$/.test(text))) expect(screen).toContain(content)
  })
})

describe('what a server says', () => {
  it('is harmless in an error, at a terminal and in a pipe', async () => {
    const words = 'No\u001b[2J\u009b31m \u202Eway\r\nerror: forged\u0007'
    await using server = await httpStub(failure(400, 'BAD\u001b[31m', words))
    const home = homeAt(server.origin, 'alice', {VEZA_TOKEN: LONG_TOKEN})
    const args = ['messages', 'send', '1', 'x']
    const [terminal, pipe] = await Promise.all([atTerminal(home, args), home.run(args)])
    for (const {code, shown} of [
      {code: terminal.code, shown: terminal.screen},
      {code: pipe.code, shown: pipe.stderr},
    ]) {
      expect(code).toBe(3)
      expect(shown).not.toMatch(UNSAFE)
      expect(shown.match(/^error:/gm)).toHaveLength(1)
    }
  })

  it('is harmless as the name of a room', async () => {
    const home = homeAt(sandbox.url)
    await (await restAs(sandbox.url)).post('/rooms', {name: 'x\u001b[2J\u202Ey\rz', is_public: true})
    const {code, screen} = await atTerminal(home, ['rooms', 'list', '--all'])
    expect(code).toBe(0)
    expect(screen.replace(OWN_COLOUR, '')).not.toMatch(UNSAFE)
  })
})
