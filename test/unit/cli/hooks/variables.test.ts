import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {hookVariables} from '../../../../src/lib/cli/hooks/variables.js'
import {message} from './kit.js'

describe('the variables of a hook', () => {
  it('are what the message has', () => {
    const all = message({conversation_id: 3, parent_id: 122})
    expect(hookVariables(all, {})).toEqual({
      VEZA_MESSAGE_ID: '123',
      VEZA_MESSAGE_CONTENT: 'hello',
      VEZA_MESSAGE_AUTHOR: 'ada',
      VEZA_MESSAGE_AUTHOR_ID: '7',
      VEZA_MESSAGE_ROOM_ID: '15',
      VEZA_MESSAGE_ROOM: 'general',
      VEZA_MESSAGE_CONVERSATION_ID: '3',
      VEZA_MESSAGE_PARENT_ID: '122',
      VEZA_MESSAGE_CREATED_AT: '2026-11-22T09:00:00Z',
    })
  })

  it('are not set where the message has nothing, also where an outer hook has', () => {
    const outer = {
      VEZA_MESSAGE_PARENT_ID: '5',
      VEZA_MESSAGE_TRUNCATED: '1',
      PATH: '/bin',
      EMPTY: '',
      NONE: undefined,
    }
    expect(hookVariables({id: 1, content: '', parent_id: null}, outer)).toEqual({
      PATH: '/bin',
      EMPTY: '',
      VEZA_MESSAGE_ID: '1',
      VEZA_MESSAGE_CONTENT: '',
    })
  })

  it('have nothing of what asks for metrics of the outer process', () => {
    const outer = {VEZA_METRICS_LISTEN: ':9464', VEZA_METRICS_FILE: 'a.prom', VEZA_METRICS_X: '1'}
    expect(hookVariables({id: 1, content: ''}, outer)).toEqual({
      VEZA_METRICS_X: '1',
      VEZA_MESSAGE_ID: '1',
      VEZA_MESSAGE_CONTENT: '',
    })
  })

  it.each([
    ['NUL characters', 'a\0b\0', 'ab'],
    ['what is too long', 'x'.repeat(30_001), 'x'.repeat(30_000)],
    ['half a character', `${'x'.repeat(29_999)}👍`, 'x'.repeat(29_999)],
  ])('lose %s, and say so', (_what, content, value) => {
    const variables = hookVariables(message({content}), {})
    expect(variables.VEZA_MESSAGE_CONTENT).toBe(value)
    expect(variables.VEZA_MESSAGE_TRUNCATED).toBe('1')
  })

  it('hold what just fits as it is', () => {
    const variables = hookVariables(message({content: 'x'.repeat(30_000)}), {})
    expect(variables.VEZA_MESSAGE_CONTENT).toHaveLength(30_000)
    expect(variables).not.toHaveProperty('VEZA_MESSAGE_TRUNCATED')
  })

  it('say so of another value than the content, too', () => {
    expect(hookVariables(message({room_name: 'a\0'}), {})).toMatchObject({
      VEZA_MESSAGE_ROOM: 'a',
      VEZA_MESSAGE_TRUNCATED: '1',
    })
  })

  it('can be given to a process, whatever the message', () => {
    const unit = fc.constantFrom('\0', '漢', '👍', 'x', '\ud83d', '\n')
    const text = fc.oneof(
      fc.string({unit, maxLength: 50}),
      fc
        .tuple(fc.string({unit, minLength: 1, maxLength: 5}), fc.nat(20_000))
        .map(([part, n]) => part.repeat(n)),
    )
    fc.assert(
      fc.property(text, content => {
        const {VEZA_MESSAGE_CONTENT: value = '', VEZA_MESSAGE_TRUNCATED} = hookVariables(
          message({content}),
          {},
        )
        expect(value).not.toContain('\0')
        expect(Buffer.byteLength(value)).toBeLessThan(128 * 1024 - 100)
        expect(value === content).toBe(VEZA_MESSAGE_TRUNCATED === undefined)
      }),
    )
  })
})
