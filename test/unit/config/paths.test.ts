import {homedir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, it} from 'vitest'
import {processEnvironment} from '../../../src/lib/config/environment.js'
import {resolvePaths} from '../../../src/lib/config/paths.js'

const pathsFor = (platform: NodeJS.Platform, variables: Record<string, string>) =>
  resolvePaths(processEnvironment(variables), platform)

const HOME = '/home/ann'

describe('resolvePaths', () => {
  it('follows XDG on Linux', () => {
    expect(pathsFor('linux', {HOME})).toEqual({
      configDir: '/home/ann/.config/veza',
      stateDir: '/home/ann/.local/state/veza',
    })
    expect(pathsFor('linux', {HOME, XDG_CONFIG_HOME: '/x/config', XDG_STATE_HOME: '/x/state'})).toEqual({
      configDir: '/x/config/veza',
      stateDir: '/x/state/veza',
    })
  })

  it('ignores a relative or empty XDG folder', () => {
    expect(pathsFor('linux', {HOME, XDG_CONFIG_HOME: 'config', XDG_STATE_HOME: ''})).toEqual(
      pathsFor('linux', {HOME}),
    )
  })

  it('uses Application Support on macOS, whatever XDG says', () => {
    expect(pathsFor('darwin', {HOME, XDG_CONFIG_HOME: '/x/config'})).toEqual({
      configDir: '/home/ann/Library/Application Support/veza',
      stateDir: '/home/ann/Library/Application Support/veza/state',
    })
  })

  it('uses the roaming and the local folder on Windows', () => {
    const APPDATA = 'C:\\Users\\ann\\AppData\\Roaming'
    const LOCALAPPDATA = 'C:\\Users\\ann\\AppData\\Local'
    expect(pathsFor('win32', {HOME, APPDATA, LOCALAPPDATA})).toEqual({
      configDir: join(APPDATA, 'veza'),
      stateDir: join(LOCALAPPDATA, 'veza'),
    })
    expect(pathsFor('win32', {HOME})).toEqual({
      configDir: join(HOME, 'AppData', 'Roaming', 'veza'),
      stateDir: join(HOME, 'AppData', 'Local', 'veza'),
    })
  })

  it.each(['linux', 'darwin', 'win32'] as const)('takes our own variables as they are on %s', platform => {
    const own = {VEZA_CONFIG_DIR: '/own/config', VEZA_STATE_DIR: '/own/state'}
    expect(pathsFor(platform, {HOME, APPDATA: 'a', XDG_CONFIG_HOME: '/x', ...own})).toEqual({
      configDir: '/own/config',
      stateDir: '/own/state',
    })
    const {stateDir} = pathsFor(platform, {HOME})
    expect(pathsFor(platform, {HOME, VEZA_CONFIG_DIR: '/own/config'})).toEqual({
      configDir: '/own/config',
      stateDir,
    })
  })

  it('asks the system for the home folder where HOME is not set', () => {
    expect(pathsFor('linux', {}).configDir).toBe(join(homedir(), '.config', 'veza'))
  })
})
