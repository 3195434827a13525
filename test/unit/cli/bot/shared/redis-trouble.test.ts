import {expect, test} from 'vitest'
import {RedisTrouble} from '../../../../../src/lib/cli/bot/shared/redis-trouble.js'
import {noMetrics} from '../../../../../src/lib/metrics/metrics.js'
import {refusal} from '../../../../../src/lib/state/redis/errors.js'
import {REDIS_AWAY} from './kit.js'

test('a full Redis is told once, and once that it takes more; each failure is counted', () => {
  const told: string[] = []
  const counted: unknown[] = []
  const out = {notice: (text: string) => void told.push(text), warn: (text: string) => void told.push(text)}
  const trouble = new RedisTrouble(out, {...noMetrics, add: (_, labels) => void counted.push(labels)})
  trouble.kept()
  trouble.note(REDIS_AWAY)
  const full = refusal('redis.example:6379', 'OOM command not allowed')
  for (const error of [full, full]) trouble.note(error)
  trouble.kept()
  trouble.kept()
  expect(told).toEqual(['Redis is full: answers wait until it takes more', 'Redis takes more again'])
  expect(counted).toEqual([{type: 'away'}, {type: 'full'}, {type: 'full'}])
})
