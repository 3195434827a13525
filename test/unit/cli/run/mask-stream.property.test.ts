import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {MaskStream} from '../../../../src/lib/cli/run/mask/mask-stream.js'
import {Masker} from '../../../../src/lib/cli/run/mask/masker.js'

const SECRETS = ['hunter2secret', 'tail-of-it-all', 'of-it-all-again', 'ä€😀geheim', 'line one\nline two']
const variables = Object.fromEntries(SECRETS.map((secret, index) => [`SECRET_${index}`, secret]))
const masker = new Masker({variables, patterns: [/pin-\d{4}/]})
/** As long as the longest secret, so that borders fall everywhere. */
const SIZES = {blockLength: 8, holdLength: 48}

const part = fc.oneof(
  fc.constantFrom(...SECRETS, 'pin-1234', 'ghp_16C7e42F292c6912E7710c838347Ae', 'tail-of-it-all-again'),
  fc.constantFrom('\n', ' ', 'pin-', 'hunter', 'tail-of', 'plain words', '-----\n'),
  fc.string({maxLength: 12, unit: 'grapheme'}),
)
const text = fc.array(part, {maxLength: 30}).map(parts => parts.join(''))

function streamed(whole: string, cuts: readonly number[], sizes = {}): string {
  const stream = new MaskStream(masker, sizes)
  const places = [...new Set(cuts.map(cut => cut % (whole.length + 1)))].sort((a, b) => a - b)
  const pieces = [0, ...places].map((place, index, all) => whole.slice(place, all[index + 1]))
  return pieces.map(piece => stream.push(piece)).join('') + stream.end()
}

describe('MaskStream', () => {
  test('leaves no secret, however the text is cut', () => {
    fc.assert(
      fc.property(text, fc.array(fc.nat(), {maxLength: 40}), (whole, cuts) => {
        const result = streamed(whole, cuts, SIZES)
        for (const secret of [
          ...SECRETS.slice(0, 4),
          'line one',
          'line two',
          'pin-1234',
          'ghp_16C7e42F292c69',
        ])
          expect(result).not.toContain(secret)
      }),
      {numRuns: 2000},
    )
  })

  test('gives what masking the whole gives, where it is cut at lines', () => {
    const line = fc.array(part, {maxLength: 3}).map(parts =>
      parts
        .join('')
        .replaceAll(/[\r\n]/g, ' ')
        .slice(0, 16),
    )
    const lines = fc.array(line, {maxLength: 40}).map(all => all.join('\n'))
    fc.assert(
      fc.property(lines, fc.array(fc.nat(), {maxLength: 40}), (whole, cuts) => {
        expect(streamed(whole, cuts, SIZES)).toBe(masker.mask(whole))
      }),
      {numRuns: 2000},
    )
  })

  test('text without secrets comes out as it went in, also over many blocks', () => {
    const whole = 'all is well, nothing to see here\n'.repeat(20_000)
    const cuts = Array.from({length: 50}, (_, index) => index * 12_345)
    expect(streamed(whole, cuts)).toBe(whole)
  })

  test('a private key over the border of two blocks is masked as a whole', () => {
    const body = `${'MIIEpAIBAAKCAQEAxxxxxxxxxxxxxxxx\n'.repeat(100)}`
    const key = `-----BEGIN PRIVATE KEY-----\n${body}-----END PRIVATE KEY-----`
    const lead = 'a line before\n'.repeat(6700)
    const stream = new MaskStream(masker)
    const pieces = [`${lead}${key.slice(0, 1500)}`, key.slice(1500), `\n${'after\n'.repeat(20_000)}`]
    const result = pieces.map(piece => stream.push(piece)).join('') + stream.end()
    expect(result).not.toContain('MIIE')
    expect(result).toBe(`${lead}***\n${'after\n'.repeat(20_000)}`)
  })

  test('a secret without end does not fill the memory', () => {
    const endless = new MaskStream(new Masker({variables: {}, patterns: [/secret[^!]+/]}))
    let result = ''
    for (let pieces = 0; pieces < 64; pieces++) result += endless.push(`secret${'x'.repeat(65_000)}`)
    result += endless.end()
    expect(result).toMatch(/^(\*\*\*)+$/)
  })
})
