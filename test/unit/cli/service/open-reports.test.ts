import {chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, onTestFinished, test} from 'vitest'
import {openReports} from '../../../../src/lib/cli/service/open-reports.js'
import {systemdNotify} from '../../../../src/lib/cli/service/systemd-notify.js'
import {beatMs} from '../../../../src/lib/cli/service/watchdog.js'
import {processEnvironment} from '../../../../src/lib/config/environment.js'

/** A folder for PATH with a stand-in for systemd-notify. */
function program(script: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'veza-notify-'))
  onTestFinished(() => rmSync(folder, {recursive: true, force: true}))
  const file = join(folder, 'systemd-notify')
  writeFileSync(file, `#!/bin/sh\n${script}\n`)
  chmodSync(file, 0o755)
  return folder
}

const settings = (variables: NodeJS.ProcessEnv) => processEnvironment(variables)
const silent = (): void => undefined

describe('openReports', () => {
  test('is there only where a service manager is', () => {
    expect(openReports(settings({WATCHDOG_USEC: '1000'}), 7, silent)).toBeUndefined()
    expect(openReports(settings({NOTIFY_SOCKET: ''}), 7, silent)).toBeUndefined()
    expect(openReports(settings({NOTIFY_SOCKET: '/run/notify'}), 7, silent)).toBeDefined()
  })

  test('warns once where it cannot be told', async () => {
    const warnings: string[] = []
    const environment = settings({NOTIFY_SOCKET: '/run/notify', PATH: program('exit 3')})
    const reports = openReports(environment, 7, text => warnings.push(text))
    reports?.told('ready', 'a')
    await reports?.close()
    reports?.told('ended', 'b')
    await reports?.close()
    expect(warnings).toEqual(['the service manager cannot be told: systemd-notify ended with 3'])
  })
})

describe('beatMs', () => {
  test.each([
    [{WATCHDOG_USEC: '60000000'}, 30_000],
    [{WATCHDOG_USEC: '60000000', WATCHDOG_PID: '7'}, 30_000],
    [{WATCHDOG_USEC: '60000000', WATCHDOG_PID: '8'}, undefined],
    [{WATCHDOG_USEC: '0'}, undefined],
    [{WATCHDOG_USEC: '-5'}, undefined],
    [{WATCHDOG_USEC: 'soon'}, undefined],
    [{WATCHDOG_PID: '7'}, undefined],
  ])('with %j is %s', (variables, expected) => {
    expect(beatMs(settings(variables), 7)).toBe(expected)
  })
})

describe('systemdNotify', () => {
  test('rejects where the program is not there, fails, or is killed', async () => {
    const missing = {socket: '/run/notify', path: '/nowhere'}
    await expect(systemdNotify(missing, ['READY=1'])).rejects.toThrow('there is no systemd-notify')
    const failing = {socket: '/run/notify', path: program('exit 1')}
    await expect(systemdNotify(failing, ['READY=1'])).rejects.toThrow('systemd-notify ended with 1')
    const killed = {socket: '/run/notify', path: program('kill -9 $$')}
    await expect(systemdNotify(killed, ['READY=1'])).rejects.toThrow('systemd-notify ended with SIGKILL')
  })

  test('gives the program its arguments and two variables, and nothing that is secret', async () => {
    const folder = program('{ printf "%s\\n" "$@"; env; } > "$(dirname "$0")/seen"')
    await systemdNotify({socket: '/run/notify', path: `${folder}:/usr/bin:/bin`}, ['READY=1', 'STATUS=a b'])
    const seen = readFileSync(join(folder, 'seen'), 'utf8').trim().split('\n')
    expect(seen.slice(0, 2)).toEqual(['READY=1', 'STATUS=a b'])
    const names = seen.slice(2).map(line => line.split('=')[0])
    expect(names.filter(name => !['_', 'PWD', 'SHLVL', 'OLDPWD'].includes(name ?? '')).sort()).toEqual([
      'NOTIFY_SOCKET',
      'PATH',
    ])
  })
})
