import type {Environment} from '../config/environment.js'
import {readJsonFile} from '../config/json-file.js'
import {unknownProfile} from '../config/key-errors.js'
import type {Paths} from '../config/paths.js'
import {findProjectFile} from '../config/project-file.js'
import {
  type Layers,
  type ResolvedSetting,
  type ResolvedSettings,
  resolveSetting,
  resolveSettings,
} from '../config/resolve.js'
import type {Settings} from '../config/settings.js'
import {
  type JsonFile,
  profileLayer,
  profilesOf,
  projectLayer,
  type StoredLayer,
  userLayer,
} from '../config/stored-layers.js'
import {sectionOf, userFilePath} from '../config/user-file.js'
import {nearest} from './nearest.js'

/** What settings are read from. */
export interface SettingsSources {
  readonly flags: Partial<Settings>
  readonly environment: Environment
  readonly paths: Paths
  /** Whether files set something, too. */
  readonly usesFiles: boolean
}

/** The settings of a run. */
export interface OpenedSettings extends ResolvedSettings {
  /** The server, where a project file names another than this user would have. */
  readonly foreignServer?: {readonly file: string; readonly server: string} | undefined
}

/** What the files set, but for the profiles. */
export interface StoredSettings {
  readonly userFile: JsonFile
  readonly user: StoredLayer
  /** Of the working folder or one above it. */
  readonly project: StoredLayer | undefined
}

/** Reads the files. @throws {VezaError} `config` for one that cannot be read or sets what it must not. */
export async function readStored(paths: Paths): Promise<StoredSettings> {
  const path = userFilePath(paths)
  const userFile = {path, content: (await readJsonFile(path)) ?? {}}
  const folder = workingFolder()
  const projectPath = folder === undefined ? undefined : findProjectFile(folder)
  const project = projectPath === undefined ? undefined : await readProject(projectPath)
  return {userFile, user: userLayer(userFile, nearest), project}
}

/**
 * Settings from flag, environment, project file, profile, user file and default.
 * @throws {VezaError} `usage` or `config` for a bad flag, variable or file, or a profile that is not there.
 */
export async function openSettings({
  flags,
  environment,
  paths,
  usesFiles,
}: SettingsSources): Promise<OpenedSettings> {
  if (!usesFiles) return resolveSettings({flags, environment, stored: []})
  const {userFile, user, project} = await readStored(paths)
  const above = project === undefined ? [] : [project]
  const chosen = resolveSetting('profile', {flags, environment, stored: [...above, user]})
  const own = [...profileInUse(chosen, userFile), user]
  const resolved = resolveSettings({flags, environment, stored: [...above, ...own]})
  return {...resolved, foreignServer: foreignServer(resolved, {flags, environment, stored: own})}
}

function profileInUse(
  {value, source}: ResolvedSetting<string | undefined>,
  userFile: JsonFile,
): StoredLayer[] {
  if (value === undefined) return []
  const content = sectionOf(userFile, value)
  if (content !== undefined) return [profileLayer(value, content, userFile.path)]
  const code = source === 'flag' || source === 'environment' ? 'usage' : 'config'
  throw unknownProfile(code, value, Object.keys(profilesOf(userFile)), nearest)
}

function foreignServer(
  {values, sources, origins}: ResolvedSettings,
  own: Layers,
): OpenedSettings['foreignServer'] {
  const {server: file} = origins
  if (sources.server !== 'project file' || file === undefined) return undefined
  return resolveSetting('server', own).value === values.server ? undefined : {file, server: values.server}
}

async function readProject(path: string): Promise<StoredLayer> {
  return projectLayer({path, content: (await readJsonFile(path)) ?? {}}, nearest)
}

/** Undefined where the folder has been removed. */
function workingFolder(): string | undefined {
  try {
    return process.cwd()
  } catch {
    return undefined
  }
}
