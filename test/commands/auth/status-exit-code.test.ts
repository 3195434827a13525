import {expect, test} from 'vitest'
import {closedPort, failure, httpStub} from '../../support/http-stub.js'
import {homeOf, openSandbox} from '../../support/sandbox.js'
import {atTerminal, makeHome} from '../../support/veza.js'

const ARGS = ['auth', 'status', '--exit-code']
const SILENT = {stdout: '', stderr: ''}

test('a session that the server accepts is 0', async () => {
  const home = homeOf(await openSandbox())
  expect(await home.run(ARGS)).toEqual({code: 0, ...SILENT})
  expect(await home.run([...ARGS, '--json', '--debug', '--verbose'])).toEqual({code: 0, ...SILENT})
})

test('nobody signed in is 4', async () => {
  const home = makeHome({VEZA_SERVER: 'http://127.0.0.1:9'})
  expect(await home.run(ARGS)).toEqual({code: 4, ...SILENT})
  expect(await home.run([...ARGS, '--json'])).toEqual({code: 4, ...SILENT})
})

test('a session that the server refuses is 4', async () => {
  await using server = await httpStub(failure(401, 'INVALID_TOKEN', 'over'))
  const home = makeHome({VEZA_SERVER: server.origin, VEZA_TOKEN: 'x'})
  expect(await home.run(ARGS)).toEqual({code: 4, ...SILENT})
  expect(server.count()).toBe(1)
})

test('a server that is not there is 6', async () => {
  const home = makeHome({
    VEZA_SERVER: `http://127.0.0.1:${await closedPort()}`,
    VEZA_TOKEN: 'x',
    VEZA_RETRIES: '0',
  })
  expect(await home.run(ARGS)).toEqual({code: 6, ...SILENT})
})

test('not even a warning of an address that is not encrypted is printed, nor anything at a terminal', async () => {
  const env = {VEZA_SERVER: 'http://host.invalid', VEZA_TOKEN: 'x', VEZA_RETRIES: '0'}
  expect(await makeHome(env).run(ARGS)).toEqual({code: 6, ...SILENT})
  expect(await atTerminal(makeHome(env), ARGS)).toEqual({code: 6, screen: ''})
})
