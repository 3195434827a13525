import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {documentOf} from '../../support/chat.js'
import {atTerminal} from '../../support/veza.js'
import {makeDesk} from './kit.js'

describe('config path', () => {
  test('is told before there is a file, and when it is broken', async () => {
    const desk = makeDesk()
    const before = await desk.run(['config', 'path'])
    desk.write('broken')
    const after = await desk.run(['config', 'path'])
    expect([before, after]).toEqual(Array(2).fill({code: 0, stdout: `${desk.file}\n`, stderr: ''}))
  })

  test('a person gets the same', async () => {
    const {home, file} = makeDesk()
    expect(await atTerminal(home, ['config', 'path'])).toEqual({code: 0, screen: `${file}\n`})
  })

  test('--json, and with a folder of ones own', async () => {
    const desk = makeDesk({VEZA_CONFIG_DIR: '/etc/veza'})
    expect(documentOf(await desk.run(['config', 'path', '--json']))).toBe(join('/etc/veza', 'config.json'))
  })
})
