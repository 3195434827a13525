import {expect, it} from 'vitest'
import {isLoopback, parseListenAddress, webAddress} from '../../../../src/lib/cli/webhooks/address.js'

it.each([
  ['127.0.0.1:0', {host: '127.0.0.1', port: 0}, 'http://127.0.0.1:0/', true],
  ['8080', {host: '127.0.0.1', port: 8080}, 'http://127.0.0.1:8080/', true],
  ['localhost:65535', {host: 'localhost', port: 65_535}, 'http://localhost:65535/', true],
  ['0.0.0.0:80', {host: '0.0.0.0', port: 80}, 'http://0.0.0.0:80/', false],
  ['[::1]:9', {host: '::1', port: 9}, 'http://[::1]:9/', true],
  ['[::]:9', {host: '::', port: 9}, 'http://[::]:9/', false],
])('%s', (text, address, url, loopback) => {
  expect(parseListenAddress(text, '--listen')).toEqual(address)
  expect(webAddress(address, '/')).toBe(url)
  expect(isLoopback(address)).toBe(loopback)
})

it.each([
  '',
  ':80',
  'host',
  'host:',
  '127.0.0.1:65536',
  '127.0.0.1:-1',
  '::1:80',
  'a b:80',
  'http://h:80',
  '[::1]',
  '80x',
])('%j is a usage error', text => {
  expect(() => parseListenAddress(text, '--listen')).toThrow(
    expect.objectContaining({code: 'usage', message: '--listen wants HOST:PORT'}),
  )
})
