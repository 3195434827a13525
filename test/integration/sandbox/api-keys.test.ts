import {describe, expect, it} from 'vitest'

import {checkAddresses, isListed} from '../../../src/sandbox/address-list.js'
import {call, signIn, start} from './support.js'

describe('the addresses of an API key', () => {
  it.each([
    ['127.0.0.1', ['127.0.0.1'], true],
    ['127.0.0.2', ['127.0.0.1'], false],
    ['10.1.255.255', ['10.1.0.0/16'], true],
    ['10.2.0.0', ['10.1.0.0/16'], false],
    ['10.2.0.0', ['192.168.0.1', '10.0.0.0/8'], true],
    ['::ffff:10.1.2.3', ['10.1.0.0/16'], true],
    ['2001:db8::7', ['2001:db8::/32'], true],
    ['2001:db9::7', ['2001:db8::/32'], false],
    ['::1', ['127.0.0.1'], false],
    ['8.8.8.8', ['0.0.0.0/0'], true],
  ])('%s and %j: %s', (address, list, listed) => {
    expect(isListed(list, address)).toBe(listed)
  })

  it.each(['', 'here', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', '10.0.0.0/-1', '::/129', '10.0.0/8'])(
    'refuses %j',
    entry => {
      expect(() => checkAddresses(['127.0.0.1', entry], 'ip_whitelist')).toThrow(/ip_whitelist/)
    },
  )

  it('are checked when the key is made, and when it is used', async () => {
    const sandbox = await start()
    const alice = await signIn(sandbox, 'alice')
    const bad = await alice.post('/auth/api-keys', {name: 'x', ip_whitelist: ['here']})
    expect(bad).toMatchObject({status: 422, error: {details: {field: 'ip_whitelist'}}})
    for (const [range, status] of [
      ['127.0.0.0/8', 200],
      ['10.0.0.0/8', 403],
    ] as const) {
      const {data} = await alice.post('/auth/api-keys', {name: 'x', ip_whitelist: [range]})
      const headers = {'x-api-key': String(data.key)}
      expect((await call(sandbox, 'GET', '/users/me', {headers})).status).toBe(status)
    }
  })
})
