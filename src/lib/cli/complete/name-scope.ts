import {openSessionIndex} from '../../auth/session-index.js'
import type {Environment} from '../../config/environment.js'
import {resolvePaths} from '../../config/paths.js'
import type {Settings} from '../../config/settings.js'
import {openSettings} from '../open-settings.js'
import {accountInEnvironment, cachePath, type NameScope} from './name-cache.js'

/** The settings that a command line gives and names depend on. */
export type ScopeFlags = Partial<Pick<Settings, 'server' | 'profile'>>

/** Whose names are wanted, and where they are kept. */
export interface OpenedScope {
  readonly scope: NameScope
  readonly path: string
}

/** @throws {VezaError} `usage` or `config` as `openSettings`. */
export async function openScope(
  {kind, prefix}: Pick<NameScope, 'kind' | 'prefix'>,
  {flags, environment}: {readonly flags: ScopeFlags; readonly environment: Environment},
): Promise<OpenedScope> {
  const paths = resolvePaths(environment)
  const {values} = await openSettings({flags, environment, paths, usesFiles: true})
  const {server, username} = values
  const entry = await openSessionIndex(paths.stateDir).find(server, username)
  const account = [username, entry?.username, entry?.signed_in_at, ...accountInEnvironment(environment)]
  const scope = {kind, prefix, server, account}
  return {scope, path: cachePath(paths.stateDir, scope)}
}
