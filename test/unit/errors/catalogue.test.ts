import {describe, expect, it} from 'vitest'
import {CATALOGUE, EXIT} from '../../../src/lib/errors/catalogue.js'

describe('EXIT', () => {
  it('is the table that scripts rely on', () => {
    expect(EXIT).toEqual({
      done: 0,
      failed: 1,
      usage: 2,
      refused: 3,
      signedOut: 4,
      rateLimited: 5,
      network: 6,
      notFound: 7,
      conflict: 8,
      forbidden: 9,
      bug: 70,
      timeout: 124,
      sigint: 130,
      sigterm: 143,
    })
  })
})

describe('CATALOGUE', () => {
  it('ends each code as the table says', () => {
    const exits = Object.fromEntries(Object.entries(CATALOGUE).map(([code, {exit}]) => [code, exit]))
    expect(exits).toEqual({
      failed: 1,
      server_error: 1,
      usage: 2,
      config: 2,
      file_unreadable: 2,
      file_unwritable: 2,
      file_corrupt: 6,
      file_too_large: 3,
      refused: 3,
      signed_out: 4,
      rate_limited: 5,
      unreachable: 6,
      not_protocol: 6,
      not_found: 7,
      conflict: 8,
      forbidden: 9,
      bug: 70,
      timeout: 124,
      interrupted: 130,
      terminated: 143,
    })
  })

  it('has an error for each exit code but 0', () => {
    const used = new Set<number>(Object.values(CATALOGUE).map(({exit}) => exit))
    expect(Object.values(EXIT).filter(code => code !== 0 && !used.has(code))).toEqual([])
  })

  it('calls only that retryable which may pass by itself, and never a bug', () => {
    const retryable = Object.entries(CATALOGUE).filter(([, entry]) => entry.retryable)
    expect(retryable.map(([code]) => code)).toEqual([
      'server_error',
      'rate_limited',
      'unreachable',
      'timeout',
    ])
  })

  it('says of each, in one line, what it means', () => {
    for (const {summary} of Object.values(CATALOGUE)) expect(summary).toMatch(/^[A-Z].*[^.\n]$/)
  })
})
