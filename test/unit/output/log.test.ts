import {describe, expect, it} from 'vitest'
import {VezaError} from '../../../src/lib/errors/veza-error.js'
import {NOW, printerOf} from './capture.js'

const redactLog = (text: string): string => text.replaceAll('hunter2', '***')
const HEAD = {time: NOW.toISOString()}

function linesOf(use: (printer: ReturnType<typeof printerOf>['printer']) => void, options = {}): unknown[] {
  const {printer, stderr} = printerOf({redactLog, debug: true, ...options})
  use(printer)
  return stderr.text
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line))
}

describe('a log of JSON lines', () => {
  it('has time, level, event and message of all that is told, without the words that stand before it in text', () => {
    const lines = linesOf(printer => {
      printer.ready('listening to general')
      printer.notice('hello')
      printer.warn('look out')
      printer.verbose('GET /rooms')
      printer.debug('try 1')
    })
    expect(lines).toEqual([
      {...HEAD, level: 'info', event: 'ready', message: 'listening to general'},
      {...HEAD, level: 'info', event: 'notice', message: 'hello'},
      {...HEAD, level: 'warn', event: 'warning', message: 'look out'},
      {...HEAD, level: 'info', event: 'verbose', message: 'GET /rooms'},
      {...HEAD, level: 'debug', event: 'debug', message: 'try 1'},
    ])
  })

  it('has the fields that are known, and no secret in any of them', () => {
    const fields = {
      event: 'gap_filled',
      count: 3,
      reason: 'hunter2',
      deep: [{place: 'a hunter2 b'}, null, true],
    }
    expect(linesOf(printer => printer.notice('it was hunter2', fields))).toEqual([
      {
        ...HEAD,
        level: 'info',
        event: 'gap_filled',
        message: 'it was ***',
        count: 3,
        reason: '***',
        deep: [{place: 'a *** b'}, null, true],
      },
    ])
  })

  it('cannot be made to lie by what a server or a user wrote: a line is a line, exact', () => {
    const {printer, stderr} = printerOf({redactLog})
    const text = 'a\nb\u202e{"level":"error"}\u001b[2J'
    printer.notice(text, {event: 'x', time: 'never', level: 'error', message: 'other'})
    expect(stderr.writes).toHaveLength(1)
    expect(stderr.text.split('\n')).toHaveLength(2)
    expect(JSON.parse(stderr.text)).toEqual({...HEAD, level: 'info', event: 'x', message: text})
  })

  it('shows at a terminal nothing that it could act on', () => {
    const {printer, stderr} = printerOf({redactLog, terminal: true})
    printer.notice('a\u202eb\u009bc')
    expect(stderr.text).toContain('a\\u202eb\\u009bc')
  })

  it.each([true, false])('has an error as one line, what --json says in a field, --json or not: %s', json => {
    const error = new VezaError('rate_limited', 'slow down, hunter2', {
      hint: 'wait',
      status: 429,
      retryAfterMs: 500,
    })
    expect(linesOf(printer => printer.error(error), {json, debug: false})).toEqual([
      {
        ...HEAD,
        level: 'error',
        event: 'error',
        message: 'slow down, ***',
        error: {
          code: 'rate_limited',
          message: 'slow down, ***',
          hint: 'wait',
          exit_code: 5,
          status: 429,
          retryable: true,
          retry_after_ms: 500,
        },
      },
    ])
  })

  it('has the stack of an error with --debug only', () => {
    const [line] = linesOf(printer => printer.error(new VezaError('failed', 'no')))
    expect(line).toMatchObject({stack: expect.stringMatching(/^ {4}at /)})
  })

  it('leaves out with --quiet what text leaves out', () => {
    const lines = linesOf(
      printer => {
        printer.notice('hello')
        printer.warn('look out')
        printer.ready('live')
      },
      {quiet: true},
    )
    expect(lines).toMatchObject([{event: 'warning'}, {event: 'ready'}])
  })
})
