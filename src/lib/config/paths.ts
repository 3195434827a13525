import {homedir} from 'node:os'
import {join} from 'node:path'
import type {Environment} from './environment.js'

/** The two folders of `veza` on this machine. */
export interface Paths {
  /** What the user set: `config.json`. Default: XDG, macOS or Windows folder; `VEZA_CONFIG_DIR` overrides it. */
  readonly configDir: string
  /** What veza keeps: the list of sessions and, where asked for, their secrets. `VEZA_STATE_DIR` overrides it. */
  readonly stateDir: string
}

/**
 * The folders for a platform and environment. A relative XDG value is ignored, as the XDG specification asks.
 * Nothing is created here.
 */
export function resolvePaths(environment: Environment, platform: NodeJS.Platform = process.platform): Paths {
  const defaults = platformDefaults(environment, platform)
  return {
    configDir: environment.get('VEZA_CONFIG_DIR') ?? defaults.configDir,
    stateDir: environment.get('VEZA_STATE_DIR') ?? defaults.stateDir,
  }
}

function platformDefaults(environment: Environment, platform: NodeJS.Platform): Paths {
  const home = environment.get('HOME') ?? homedir()
  if (platform === 'win32') {
    const roaming = environment.get('APPDATA') ?? join(home, 'AppData', 'Roaming')
    const local = environment.get('LOCALAPPDATA') ?? join(home, 'AppData', 'Local')
    return {configDir: join(roaming, 'veza'), stateDir: join(local, 'veza')}
  }
  if (platform === 'darwin') {
    const support = join(home, 'Library', 'Application Support', 'veza')
    return {configDir: support, stateDir: join(support, 'state')}
  }
  return {
    configDir: join(absolute(environment.get('XDG_CONFIG_HOME')) ?? join(home, '.config'), 'veza'),
    stateDir: join(absolute(environment.get('XDG_STATE_HOME')) ?? join(home, '.local', 'state'), 'veza'),
  }
}

function absolute(path: string | undefined): string | undefined {
  return path?.startsWith('/') ? path : undefined
}
