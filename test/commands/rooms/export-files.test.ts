import {readdirSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {enveloped, type Handler, httpStub} from '../../support/http-stub.js'
import {makeHome} from '../../support/veza.js'
import {chainOf} from '../../unit/export/kit.js'

const CONTENTS = ['/files/1/download', '/files/2/download', '/files/3/download', 'no file']

/** A server that gives file 1 a hostile name, fails at file 2 while `fails`, and refuses file 3. */
function careless(fails: () => boolean): Handler {
  return ({path}) => {
    if (path.endsWith('/members')) return enveloped([{id: 2, username: 'alice'}])
    if (path.endsWith('/files/2/download') && fails()) return {status: 500, body: 'it fell over'}
    if (path.endsWith('/files/3/download')) return {status: 400, body: 'no such number'}
    if (path.endsWith('/download'))
      return {
        headers: {
          'content-type': 'text/html',
          'content-disposition': `attachment; filename="../../../.bashrc"; filename*=UTF-8''..%2F..%2F%1b%5b2J%E2%80%AEevil.html%00`,
        },
        body: 'the file',
      }
    if (!path.endsWith('/messages')) return enveloped({id: 1, name: 'careless'})
    return enveloped(CONTENTS.map((content, at) => ({id: at + 1, username: 'alice', content})).reverse())
  }
}

test('a file at which the server fails keeps nothing else from the export; the next run has it', async () => {
  let fails = true
  await using server = await httpStub(careless(() => fails))
  const home = makeHome({VEZA_SERVER: server.origin, VEZA_TOKEN: 'a.b.c', VEZA_RETRIES: '0'})
  const folder = join(home.folder, 'out')
  const command = ['rooms', 'export', '1', '--output', folder]
  const first = await home.run(command)
  expect(first).toMatchObject({code: 1, stdout: expect.stringMatching(/^#careless\t/)})
  expect(first.stderr).toMatch(/^warning: file 2 is left for the next run: .*\nerror: /)
  expect((await home.run(['export', 'verify', folder])).code).toBe(0)
  fails = false
  expect(await home.run(command)).toMatchObject({code: 0, stderr: ''})
  expect(readdirSync(join(folder, 'files')).sort()).toEqual(['1-2J_evil.html.txt', '2-2J_evil.html.txt'])
  expect(chainOf(folder).flatMap(({file}) => file ?? [])).toMatchObject([
    {file_id: 1, path: 'files/1-2J_evil.html.txt'},
    {file_id: 3, missing: 'refused'},
    {file_id: 2},
  ])
  expect((await home.run(['export', 'verify', folder])).code).toBe(0)
})
