import {expect, test} from 'vitest'
import {StreamTeller} from '../../../../src/lib/cli/relay/stream-teller.js'
import {VezaError} from '../../../../src/lib/errors/veza-error.js'
import {away, refusal} from '../../../../src/lib/state/redis/errors.js'

type State = 'reading' | 'elsewhere' | 'unknown'

function rig(...states: State[]) {
  const said: string[] = []
  const say = (kind: string) => (text: string) => void said.push(`${kind}: ${text}`)
  const members = states.map((state, nth) => ({stream: 'abc'[nth]!, state, members: nth + 1}))
  const teller = new StreamTeller(
    {notice: say('notice'), ready: say('ready'), warn: say('warning')},
    () => members,
    () => said.push('begin'),
  )
  const turn = (nth: number, state: State): void => {
    members[nth]!.state = state
    teller.changed()
  }
  return {teller, said, turn}
}

test('ready once it is known of each stream who reads it, then each change', () => {
  const {said, turn} = rig('unknown', 'unknown', 'unknown')
  turn(0, 'reading')
  turn(1, 'elsewhere')
  expect(said).toEqual([])
  turn(2, 'reading')
  turn(2, 'reading')
  turn(2, 'unknown')
  turn(1, 'reading')
  turn(2, 'elsewhere')
  expect(said).toEqual([
    'begin',
    'ready: relaying a, c into rooms; standing by for b',
    'notice: now relaying a, b into rooms; standing by for c',
  ])
})

test('who reads nothing stands by', () => {
  const {said, turn} = rig('unknown')
  turn(0, 'elsewhere')
  expect(said).toEqual(['begin', 'ready: standing by for a'])
})

test('a stream that is held, and why', () => {
  const {teller, said} = rig('reading')
  teller.holding('a', '1-0', new VezaError('unreachable', 'away'), 1234)
  expect(said).toEqual(['notice: a 1-0: away: trying again in 1.2 s'])
})

test('that Redis is full is told once, until it takes more; that it is away somebody else tells', () => {
  const {teller, said} = rig('reading')
  teller.redisFailure(away('r:1', 'ECONNRESET'))
  teller.buried()
  expect(said).toEqual([])
  for (let times = 0; times < 2; times++) {
    teller.redisFailure(refusal('r:1', 'OOM'))
    teller.redisFailure(refusal('r:1', 'OOM'))
    teller.buried()
    teller.buried()
  }
  expect(said).toEqual(
    Array(2)
      .fill([
        'warning: Redis is full: dead letters and new groups wait until it takes more',
        'notice: Redis takes more again',
      ])
      .flat(),
  )
})
