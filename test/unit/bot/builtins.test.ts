import {describe, expect, test} from 'vitest'
import {answerBuiltin, BUILTINS, type BuiltinFacts, isBuiltin} from '../../../src/lib/bot/builtins.js'
import {LANGUAGES, PHRASES} from '../../../src/lib/bot/phrases.js'

const FACTS: BuiltinFacts = {
  phrases: PHRASES.en,
  prefix: '!bot',
  now: new Date('2026-11-22T12:34:56Z'),
  stats: {received: 3, sent: 2, reconnects: 1},
  others: [{name: 'deploy', summary: 'Deploys'}, {name: 'hi'}],
}
const FRENCH = {...FACTS, phrases: PHRASES.fr}

describe('the commands of the guide', () => {
  test('help lists them, and those of the file', () => {
    expect(answerBuiltin('help', FACTS)).toBe(
      'Commands: !bot help, !bot ping, !bot time, !bot stats\n!bot deploy: Deploys\n!bot hi',
    )
  })

  test('in French as in the guide', () => {
    const others = {...FRENCH, others: []}
    expect(answerBuiltin('help', others)).toBe(
      'Commandes disponibles: !bot help, !bot ping, !bot time, !bot stats',
    )
    expect(answerBuiltin('stats', FRENCH)).toBe('📊 Stats: 3 messages reçus, 2 envoyés, 1 reconnexions')
    expect(answerBuiltin('time', FRENCH)).toMatch(/^🕐 Il est actuellement \d\d:\d\d:56 \S+$/)
  })

  test('ping, time and stats', () => {
    expect(answerBuiltin('ping', FACTS)).toBe('🏓 Pong!')
    expect(answerBuiltin('time', FACTS)).toMatch(/^🕐 It is \d\d:\d\d:56 \S+$/)
    expect(answerBuiltin('stats', FACTS)).toBe('📊 Stats: 3 messages received, 2 sent, 1 reconnections')
  })

  test('these and no others are built in', () => {
    expect(BUILTINS.every(isBuiltin)).toBe(true)
    expect(isBuiltin('deploy')).toBe(false)
    expect(isBuiltin('toString')).toBe(false)
  })
})

test.each(LANGUAGES)('%s has a word for everything, and names what it speaks of', language => {
  const say = PHRASES[language]
  expect(say.unknown('!bot help')).toContain('`!bot help`')
  expect(say.greeting('alice', 'hey')).toMatch(/alice.*"hey"/)
  const lines = [say.forbidden('x'), say.tooOften('x', 7), say.failed('x', 3), say.ended('x')]
  for (const line of [...lines, say.missing('x'), say.tooLong('x', 30)]) expect(line).toContain('`x`')
  expect(say.tooOften('x', 7)).toContain('7 s')
  expect(say.failed('x', 3)).toContain('3')
  expect(say.tooLong('x', 30)).toContain('30 s')
})
