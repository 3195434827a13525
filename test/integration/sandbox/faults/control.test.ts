import {describe, expect, it} from 'vitest'

import {FAULT_KINDS} from '../../../../src/sandbox/faults/spec.js'
import {online} from '../support.js'
import {DIALECTS, exchange, post, type Stage, setStage, stored, untilUp} from './kit.js'

const PATH = '/sandbox/faults'

/** What the control route answers. */
async function control({sandbox}: Stage, method: string, body?: object) {
  const {status, body: text = 'null', error} = await exchange(sandbox, method, PATH, {...(body && {body})})
  return {status, error, body: text === '' ? null : JSON.parse(text)}
}

const NOTHING = Object.fromEntries(FAULT_KINDS.map(kind => [kind, 0]))

describe.each(DIALECTS)('the control route, in the %s dialect,', dialect => {
  it('is not there unless asked for', async () => {
    const stage = await setStage({dialect})
    for (const method of ['GET', 'POST', 'DELETE']) {
      expect(await control(stage, method)).toMatchObject({status: 404, body: {error: {code: 'NOT_FOUND'}}})
    }
  })

  it('arms, shows and clears', async () => {
    const stage = await setStage({dialect, control: true, faultSeed: 5})
    expect(await control(stage, 'GET')).toMatchObject({
      status: 200,
      body: {seed: 5, armed: [], counts: NOTHING},
    })
    const fault = {kind: 'reset_after', count: 2, method: 'POST'}
    expect(await control(stage, 'POST', fault)).toMatchObject({status: 202, body: fault})
    await control(stage, 'POST', {kind: 'delay', ratio: 0.5, for: '5s'})
    expect(await post(stage, 'a')).toEqual({error: 'ECONNRESET'})
    expect((await control(stage, 'GET')).body).toEqual({
      seed: 5,
      armed: [
        {...fault, left: 1},
        {kind: 'delay', ratio: 0.5, for: '5s', left: null},
      ],
      counts: {...NOTHING, reset_after: 1, delay: expect.any(Number)},
    })
    expect(await control(stage, 'DELETE')).toMatchObject({status: 200, body: {armed: []}})
    expect((await post(stage, 'b')).status).toBe(201)
    expect(await stored(stage)).toEqual(['a', 'b'])
  })

  it('refuses what is no fault, and says what is wrong', async () => {
    const stage = await setStage({dialect, control: true})
    for (const [body, message] of [
      [{kind: 'dorp'}, /^there is no fault "dorp"; the kinds are drop, /],
      [{}, /^there is no kind;/],
      [{kind: 'hang', count: 0}, /^count wants/],
      [{kind: 'hang', durationMs: 5}, /^there is no option "durationMs"$/],
      [[], /^body must be an object$/],
    ] as const) {
      const {status, body: answer} = await control(stage, 'POST', body)
      expect(status).toBe(422)
      expect(answer).toMatchObject({success: false, error: {code: 'VALIDATION_FAILED'}})
      expect(answer.error.message).toMatch(message)
    }
    expect((await control(stage, 'GET')).body.armed).toEqual([])
  })
})

describe('the control route', () => {
  it('answers while every fault of calls strikes', async () => {
    const stage = await setStage({control: true})
    for (const kind of ['hang', 'html', 'rate_limit', 'reset_before', 'truncate'] as const)
      stage.sandbox.faults.arm({kind, ratio: 1, path: '/'})
    expect(await control(stage, 'GET')).toMatchObject({status: 200, body: {counts: NOTHING}})
    expect(await control(stage, 'DELETE')).toMatchObject({status: 200, body: {armed: []}})
  })

  it('answers before it does what cuts its own connection', async () => {
    const stage = await setStage({control: true})
    const client = await online(stage.sandbox, stage.alice, 1)
    expect(await control(stage, 'POST', {kind: 'restart', for: '1h'})).toMatchObject({status: 202})
    expect(await exchange(stage.sandbox, 'GET', '/health')).toEqual({error: 'ECONNREFUSED'})
    expect(await client.close()).toBe(1001)
    stage.sandbox.faults.clear()
    await untilUp(stage.sandbox)
    expect(await control(stage, 'POST', {kind: 'refuse', for: '1h'})).toMatchObject({status: 202})
    expect(await control(stage, 'GET')).toMatchObject({error: 'ECONNRESET'})
    stage.sandbox.faults.clear()
    expect((await control(stage, 'GET')).body.counts).toMatchObject({restart: 1, refuse: 1})
  })

  it('has armed the fault when its answer is there', async () => {
    const stage = await setStage({control: true})
    for (let count = 0; count < 20; count += 1) {
      await control(stage, 'POST', {kind: 'html'})
      expect((await post(stage, 'x')).status).toBeOneOf([502, 503, 504])
    }
    expect(await stored(stage)).toEqual([])
  })
})
