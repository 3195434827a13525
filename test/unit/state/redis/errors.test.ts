import {describe, expect, it} from 'vitest'
import {away, isAway, isFull, isUnknownScript, refusal} from '../../../../src/lib/state/redis/errors.js'

const WHERE = 'redis.example:6379'

describe('the failures of Redis', () => {
  it('tells one that is away', () => {
    const error = away(WHERE, 'ECONNREFUSED')
    expect(error).toMatchObject({
      code: 'unreachable',
      exitCode: 6,
      retryable: true,
      mayHaveActed: false,
      message: 'cannot reach Redis at redis.example:6379 (ECONNREFUSED)',
    })
    expect(away(WHERE, 'ETIMEDOUT', true).mayHaveActed).toBe(true)
    expect([isAway(error), isFull(error)]).toEqual([true, false])
  })

  it.each([
    'LOADING Redis is loading the dataset in memory',
    "READONLY You can't write against a read only replica.",
    "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
    'BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.',
    "ERR Error running script (call to f_12): @user_script:3: -READONLY You can't write against a read only replica.",
  ])('counts as away: %s', reply => {
    expect(isAway(refusal(WHERE, reply))).toBe(true)
    expect(refusal(WHERE, reply).mayHaveActed).toBe(false)
  })

  it.each([
    "OOM command not allowed when used memory > 'maxmemory'.",
    'MISCONF Redis is configured to save RDB snapshots, but it is currently not able to persist on disk.',
    "ERR Error running script (call to f_12): @user_script:3: @user_script: 3: -OOM command not allowed when used memory > 'maxmemory'.",
  ])('counts as full: %s', reply => {
    const error = refusal(WHERE, reply)
    expect([isFull(error), isAway(error), error.code]).toEqual([true, false, 'failed'])
  })

  it.each([
    'WRONGPASS invalid username-password pair or user is disabled.',
    'NOAUTH Authentication required.',
    "NOPERM User bot has no permissions to run the 'evalsha' command",
    "ERR The user executing the script can't run this command or subcommand script: 10, on @user_script:1.",
  ])('is a matter of the configuration: %s', reply => {
    const error = refusal(WHERE, reply)
    expect(error).toMatchObject({code: 'usage', exitCode: 2, hint: expect.stringContaining('VEZA_REDIS_URL')})
    expect([isAway(error), isFull(error)]).toEqual([false, false])
  })

  it.each([
    'ERR DB index is out of range',
    'ERR invalid DB index',
    'ERR SELECT is not allowed in cluster mode',
  ])('names the database as the mistake: %s', reply => {
    expect(refusal(WHERE, reply)).toMatchObject({
      code: 'usage',
      exitCode: 2,
      message: 'Redis at redis.example:6379 has no such database',
      hint: expect.stringContaining('VEZA_REDIS_URL'),
    })
  })

  it('passes on what it does not know', () => {
    const error = refusal(WHERE, 'WRONGTYPE Operation against a key holding the wrong kind of value')
    expect(error).toMatchObject({code: 'failed', message: expect.stringContaining('WRONGTYPE Operation')})
    expect([isAway(error), isFull(error), isUnknownScript(error)]).toEqual([false, false, false])
    expect(isUnknownScript(refusal(WHERE, 'NOSCRIPT No matching script. Please use EVAL.'))).toBe(true)
  })

  it('repeats no argument of a command that Redis does not know', () => {
    const error = refusal(WHERE, "ERR unknown command 'AUTH', with args beginning with: 'default' 'hunter2' ")
    expect(error.message).toBe("Redis at redis.example:6379 says: ERR unknown command 'AUTH'")
    const inScript = refusal(WHERE, 'ERR unknown command `XADD`, with args beginning with: `chat` `hunter2`')
    expect(inScript.message).not.toContain('hunter2')
  })

  it('is none of these', () => {
    for (const other of [undefined, null, 'OOM', new Error('OOM')]) {
      expect([isAway(other), isFull(other)]).toEqual([false, false])
    }
  })
})
