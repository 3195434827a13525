import {describe, expect, it} from 'vitest'
import {CATALOGUE, EXIT, EXIT_MEANINGS} from '../../src/lib/errors/catalogue.js'
import {documentOf, errorOf, type Fields} from '../support/chat.js'
import {atTerminal, makeHome} from '../support/veza.js'

describe('errors', () => {
  it('lists every code with its exit code and its meaning', async () => {
    const entries = documentOf<Fields[]>(await makeHome().run(['errors', '--json']))
    expect(entries.map(({code}) => code)).toEqual(Object.keys(CATALOGUE))
    expect(entries).toContainEqual({
      code: 'rate_limited',
      exit_code: 5,
      retryable: true,
      summary: CATALOGUE.rate_limited.summary,
    })
  })

  it('a code, or an exit code, shows what has it', async () => {
    const home = makeHome()
    expect((await home.run(['errors', 'not_found'])).stdout).toBe(
      `not_found\t7\tno\t${CATALOGUE.not_found.summary}\n`,
    )
    const network = documentOf<Fields[]>(await home.run(['errors', '6', '--json']))
    expect(network.map(({code}) => code)).toEqual(['file_corrupt', 'unreachable', 'not_protocol'])
  })

  it('a code that is none is 7, and the nearest is named', async () => {
    const run = await makeHome().run(['errors', 'rate_limit', '--json'])
    expect(run).toMatchObject({code: 7, stdout: ''})
    expect(errorOf(run)).toMatchObject({code: 'not_found', hint: 'did you mean rate_limited?'})
    expect((await makeHome().run(['errors', 'zzz'])).stderr).toContain('hint: see veza errors')
  })

  it('at a terminal it is a table', async () => {
    const {code, screen} = await atTerminal(makeHome(), ['errors', 'bug'])
    expect(code).toBe(0)
    expect(screen).toContain('MEANING')
  })

  it('each exit code has a meaning', () => {
    expect(Object.keys(EXIT_MEANINGS).map(Number)).toEqual(Object.values(EXIT).sort((a, b) => a - b))
  })
})
