import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {filesArg, roomArg, textArg, userArg} from '../../../src/lib/cli/args.js'
import {
  bodyFlags,
  durationFlag,
  idFlag,
  integerFlag,
  networkFlags,
  outputFlags,
  roomFlag,
  UnreadableValue,
  wordFlag,
} from '../../../src/lib/cli/flags.js'
import {ClosedPipe} from '../../../src/lib/cli/lifetime.js'
import {presentError} from '../../../src/lib/cli/present-error.js'
import {VezaError} from '../../../src/lib/errors/veza-error.js'
import {type Declared, shownError} from './parse.js'

const command: Declared = {
  flags: {
    ...outputFlags,
    ...networkFlags,
    ...bodyFlags,
    room: roomFlag,
    limit: integerFlag('limit', {summary: 'n'}, 1, 100),
    'reply-to': idFlag('reply-to', {summary: 'id'}),
    since: durationFlag('since', {summary: 'how long'}),
    role: wordFlag('role', ['owner', 'member'], {summary: 'role'}),
  },
  args: {room: roomArg(), user: userArg(), text: textArg({description: 'text', required: true})},
}

const shown = (...argv: string[]) => shownError(command, argv)

describe('what the parser throws', () => {
  it.each([
    [['--nope'], 'unknown flag --nope'],
    [['-x'], 'unknown flag -x'],
    [['--nope', '--neither', 'a'], 'unknown flag --nope, --neither'],
    [['--nope=hunter2', 'a', 'b', 'c'], 'unknown flag --nope'],
    [['-xhunter2', 'a', 'b', 'c'], 'unknown flag -x'],
    [['--no pe', 'a', 'b', 'c'], 'unknown flag (unreadable)'],
    [[], 'missing argument ROOM, USER, TEXT'],
    [['15'], 'missing argument USER, TEXT'],
    [['15', '7', 'text', 'hunter2'], 'an argument too many'],
    [['15', '7', 'text', 'hunter2', 'hunter3'], '2 arguments too many'],
    [['15', '7', 'text', '--room'], '--room expects a value'],
    [['15', '7', 'text', '--room', 'hunter2', '--room', 'hunter3'], '--room can only be specified once'],
    [['15', '7', 'text', '--limit', '0'], '--limit wants a whole number from 1 to 100'],
    [['15', '7', 'text', '--limit=hunter2'], '--limit wants a whole number from 1 to 100'],
    [['15', '7', 'text', '--timeout', 'hunter2'], '--timeout wants a duration'],
    [
      ['15', '7', 'text', '--server', 'http://ann:hunter2@x'],
      '--server must not carry a user name or password',
    ],
    [['15', '7', 'text', '--role', 'hunter2'], '--role wants one of: owner, member'],
    [['15', '7', 'text', '--reply-to', '9007199254740993'], '--reply-to: no id is 0 or above 2^53 - 1'],
    [['9007199254740993', '7', 'text'], 'ROOM: no id is 0 or above 2^53 - 1'],
    [['#', '7', 'text'], 'ROOM is empty'],
    [['15', '', 'text'], 'USER is empty'],
  ])('for %j is: %s', async (argv, message) => {
    const error = await shown(...argv)
    expect([error?.code, error?.exitCode, error?.message]).toEqual(['usage', 2, message])
    expect(`${error?.hint}`).not.toContain('hunter')
  })

  it('tells how to send a text that begins with a dash', async () => {
    expect((await shown('15', '7', '-hello'))?.hint).toContain('--message')
    expect(await shown('15', '7', '--', '-hello')).toBeUndefined()
  })

  it('keeps the hint of the value', async () => {
    expect((await shown('15', '7', 'text', '--timeout', 'soon'))?.hint).toContain('90s')
  })

  it('is one line, whatever was typed', async () => {
    for (const argv of [['--a\nb'], ['--room'], ['a', 'b', 'c', 'd\ne'], ['--limit', '\n']]) {
      expect((await shown(...argv))?.message).not.toContain('\n')
    }
  })
})

describe('no error', () => {
  // Long and odd enough not to be in any message of ours by chance.
  const secret = fc.oneof(
    fc.stringMatching(/^Zq[A-Za-z0-9]{8,20}[0-9]{3}Q$/),
    fc.stringMatching(/^[A-Z]{2}[ -~]{10,30}\^$/),
    fc.string({unit: 'grapheme', minLength: 12, maxLength: 30}).filter(text => !text.startsWith('-')),
  )
  const flagName = fc.constantFrom(...Object.keys(command.flags ?? {}), 'nope', 'password')
  const char = fc.constantFrom('r', 'm', 'f', 'q', 'v', 'x', 'p')
  const word = secret.chain(value =>
    fc
      .oneof(
        fc.constant([value]),
        fc.constant(['--', value]),
        flagName.map(name => [`--${name}`, value]),
        flagName.map(name => [`--${name}=${value}`]),
        flagName.map(name => [`--no-${name}=${value}`]),
        char.map(letter => [`-${letter}`, value]),
        char.map(letter => [`-${letter}=${value}`]),
        char.map(letter => [`-${letter}${value}`]),
        fc.constant(['--server', `http://ann:${encodeURIComponent(value)}@example.org`]),
        fc.constant([`---${value}`]),
      )
      .map(words => ({value, words})),
  )

  it('repeats anything of the command line but the names of flags', async () => {
    let failed = 0
    await fc.assert(
      fc.asyncProperty(fc.array(word, {minLength: 1, maxLength: 5}), async parts => {
        const error = await shownError(
          command,
          parts.flatMap(({words}) => words),
        )
        if (error === undefined) return
        failed += 1
        expect(error.code).toBe('usage')
        for (const {value} of parts) expect(`${error.message} ${error.hint}`).not.toContain(value)
      }),
      {numRuns: 500},
    )
    expect(failed).toBeGreaterThan(300)
  })

  it('repeats what is given for too few or too many arguments', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(secret, {maxLength: 6}), async values => {
        const error = await shownError({args: {files: textArg({description: 'f', required: true})}}, values)
        for (const value of values) expect(`${error?.message} ${error?.hint}`).not.toContain(value)
      }),
    )
  })

  it('of a command without flags repeats what looks like one with a value', async () => {
    await fc.assert(
      fc.asyncProperty(secret, async value => {
        const error = await shownError({args: {files: filesArg({description: 'f'})}}, [
          `--token=${value}`,
          'a',
        ])
        expect(error?.message).toBe('unknown flag --token')
      }),
    )
  })
})

describe('presentError', () => {
  const ours = new VezaError('not_found', 'no such room')
  const interrupted = new VezaError('interrupted', 'interrupted')

  it('passes an error of ours on', () => {
    expect(presentError(ours)).toBe(ours)
  })

  it('takes the reason of the end before what followed from it', () => {
    expect(presentError(ours, interrupted)).toBe(interrupted)
    expect(presentError(new Error('premature close'), interrupted)).toBe(interrupted)
    expect(presentError(undefined, interrupted)).toBe(interrupted)
  })

  it('takes no other reason for an error', () => {
    expect(presentError(ours, new ClosedPipe('gone'))).toBe(ours)
  })

  it('takes what a value was refused for out of its wrapping', () => {
    expect(presentError(new UnreadableValue('', {cause: ours}))).toBe(ours)
  })

  it.each([
    ['an error', new TypeError('x is not a function'), 'TypeError: x is not a function'],
    ['a text', 'thrown', 'thrown'],
    ['nothing', undefined, 'undefined'],
    ['a wrapping around a defect', new UnreadableValue('', {cause: new TypeError('x')}), 'Error: '],
  ])('calls %s a defect and says how to report it', (_, thrown, text) => {
    const error = presentError(thrown)
    expect([error.code, error.exitCode]).toEqual(['bug', 70])
    expect(error.message).toBe(`a defect of veza itself: ${text}`)
    expect(error.hint).toContain('report')
    expect(error.cause).toBe(thrown)
  })
})
