import fc from 'fast-check'
import {describe, expect, it} from 'vitest'

import {faultOf, fieldsOf, parseFault, showFault} from '../../../../src/sandbox/faults/notation.js'
import {FAULT_KINDS, type FaultSpec, OPTION_FIELDS, optionsOf} from '../../../../src/sandbox/faults/spec.js'

const refusal = (read: () => unknown): string => {
  try {
    return `no error, but ${JSON.stringify(read())}`
  } catch (error) {
    return (error as Error).message
  }
}

describe('a fault in words', () => {
  it.each<[string, FaultSpec]>([
    ['drop', {kind: 'drop'}],
    ['drop:ratio=0.01', {kind: 'drop', ratio: 0.01}],
    ['close:code=4000:every=2m', {kind: 'close', code: 4000, everyMs: 120_000}],
    ['silent:for=250ms:room=3', {kind: 'silent', durationMs: 250, roomId: 3}],
    ['restart:for=60', {kind: 'restart', durationMs: 60_000}],
    [
      'hang:count=3:for=1.5s:method=post:path=/rooms/1',
      {kind: 'hang', count: 3, durationMs: 1_500, method: 'POST', path: '/rooms/1'},
    ],
  ])('%s', (text, spec) => {
    expect(parseFault(text, '--fault')).toEqual(spec)
    expect(parseFault(showFault(spec), '--fault')).toEqual(spec)
  })

  it.each([
    ['', /^there is no kind; the kinds are drop, .*error_after$/],
    ['dorp', /^there is no fault "dorp"; the kinds are drop, close, /],
    ['__proto__', /^there is no fault "__proto__"/],
    ['hang:3', /^an option is written as NAME=VALUE/],
    ['hang:count=', /^an option is written as NAME=VALUE/],
    ['hang:count=1:count=2', /^count is given twice$/],
    ['hang:toString=1', /^there is no option "toString"$/],
    ['hang:room=1', /^hang takes no room, only count, ratio, method, path, for$/],
    ['swallow:path=/x', /^swallow takes no path/],
    ['hang:count=0', /^count wants a whole number of at least 1$/],
    ['hang:count=1.5', /^count wants/],
    ['hang:count=x', /^count wants/],
    ['swallow:ratio=0', /^ratio wants a number above 0 and up to 1$/],
    ['swallow:ratio=1.1', /^ratio wants/],
    ['hang:for=soon', /^for wants a duration above 0, such as 250ms, 5s or 2m$/],
    ['hang:for=0', /^for wants/],
    ['hang:for=999999h', /^for wants/],
    ['close:code=1005', /^code wants a close code/],
    ['close:code=2000', /^code wants/],
    ['html:method=BREW', /^method wants one of GET, POST, PUT, DELETE$/],
    ['html:path=rooms', /^path wants the beginning of a path/],
    ['drop:ratio=1:every=5s', /^drop takes ratio or every, not both$/],
    ['drop:count=2', /^drop strikes at once; with count it wants ratio or every, too$/],
  ])('%j is refused with what is wrong', (text, message) => {
    const said = refusal(() => parseFault(text, '--fault'))
    expect(said).toMatch(/^--fault: /)
    expect(said.slice('--fault: '.length)).toMatch(message)
  })

  it('are the same as JSON, where numbers may be numbers', () => {
    expect(faultOf({kind: 'hang', count: 3, for: '2s'})).toEqual({kind: 'hang', count: 3, durationMs: 2_000})
    expect(faultOf({kind: 'hang', count: '3', for: 2})).toEqual({kind: 'hang', count: 3, durationMs: 2_000})
    expect(fieldsOf({kind: 'hang', count: 3, durationMs: 2_500})).toEqual({
      kind: 'hang',
      count: 3,
      for: '2500ms',
    })
  })

  it.each([
    [{}, /^there is no kind;/],
    [{kind: 7}, /^there is no kind;/],
    [{kind: 'hang', count: null}, /^count wants/],
    [{kind: 'hang', count: [1]}, /^count wants/],
    [{kind: 'hang', for: {}}, /^for wants/],
    [{kind: 'html', path: 7}, /^path wants/],
    [{kind: 'html', method: true}, /^method wants/],
  ])('%j is refused', (fields, message) => {
    expect(refusal(() => faultOf(fields))).toMatch(message)
  })

  it('say every kind with each of its options, there and back', () => {
    const values = {
      count: 2,
      ratio: 0.25,
      durationMs: 1_250,
      everyMs: 30_000,
      roomId: 15,
      code: 1011,
      method: 'PUT',
      path: '/rooms',
    } as const
    fc.assert(
      fc.property(fc.constantFrom(...FAULT_KINDS), fc.array(fc.nat(7)), (kind, picks) => {
        const options = picks.map(pick => optionsOf(kind)[pick % optionsOf(kind).length]!)
        // Of these two one is enough, and with one of them count may stand.
        const chosen = new Set(
          options.includes('every')
            ? options.filter(name => name !== 'ratio')
            : ['ratio' as const, ...options],
        )
        const spec: FaultSpec = {
          kind,
          ...Object.fromEntries([...chosen].map(name => [OPTION_FIELDS[name], values[OPTION_FIELDS[name]]])),
        }
        expect(parseFault(showFault(spec), '--fault')).toEqual(spec)
        expect(faultOf(JSON.parse(JSON.stringify(fieldsOf(spec))))).toEqual(spec)
      }),
    )
  })
})
