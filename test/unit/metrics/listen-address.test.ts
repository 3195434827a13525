import {expect, it} from 'vitest'
import {parseListenAddress} from '../../../src/lib/metrics/listen-address.js'

it.each([
  ['9464', '127.0.0.1', 9464],
  [':9464', '127.0.0.1', 9464],
  [' 0 ', '127.0.0.1', 0],
  ['0.0.0.0:9464', '0.0.0.0', 9464],
  ['localhost:65535', 'localhost', 65_535],
  ['[::1]:9464', '::1', 9464],
  ['[::]:1', '::', 1],
])('%j is %s and %i', (text, host, port) => {
  expect(parseListenAddress(text, '--metrics-listen')).toEqual({host, port})
})

it.each([
  '',
  'localhost',
  'localhost:',
  '1.2.3.4:65536',
  '::1:9464',
  'a b:1',
  'http://localhost:9464',
  '9464/metrics',
  '-1',
  '[::1]9464',
])('%j is a usage error that says how to write it', text => {
  const read = (): unknown => parseListenAddress(text, 'VEZA_METRICS_LISTEN')
  expect(read).toThrow(
    expect.objectContaining({code: 'usage', message: 'VEZA_METRICS_LISTEN wants HOST:PORT'}),
  )
})
