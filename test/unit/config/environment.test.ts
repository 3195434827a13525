import {describe, expect, it} from 'vitest'
import {inCi, processEnvironment} from '../../../src/lib/config/environment.js'

describe('processEnvironment', () => {
  it('takes an empty variable as not set', () => {
    const environment = processEnvironment({SET: 'x', EMPTY: '', BLANK: ' '})
    expect(environment.get('SET')).toBe('x')
    expect(environment.get('EMPTY')).toBeUndefined()
    expect(environment.get('BLANK')).toBe(' ')
    expect(environment.get('MISSING')).toBeUndefined()
  })

  it('reads the environment of the process by default', () => {
    expect(processEnvironment().get('PATH')).toBe(process.env.PATH)
  })
})

describe('inCi', () => {
  it.each([
    ['true', true],
    ['1', true],
    ['woodpecker', true],
    ['false', false],
    ['0', false],
    ['', false],
    [undefined, false],
  ])('for CI=%s is %s', (CI, expected) => {
    expect(inCi(processEnvironment(CI === undefined ? {} : {CI}))).toBe(expected)
  })
})
