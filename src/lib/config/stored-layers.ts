import {VezaError} from '../errors/veza-error.js'
import {type Suggest, unknownKey} from './key-errors.js'
import {PROFILE_KEYS, PROJECT_KEYS, USER_KEYS} from './settings.js'

/** A JSON file that was read. */
export interface JsonFile {
  readonly path: string
  readonly content: Readonly<Record<string, unknown>>
}

/** Settings as a file has them. */
export interface StoredLayer {
  readonly source: 'project file' | 'profile' | 'user file'
  /** The file's path or the profile's name. */
  readonly origin: string
  /** What errors call it. */
  readonly label: string
  readonly content: Readonly<Record<string, unknown>>
}

/**
 * The settings of a project file: server, profile, room and format, and nothing else.
 * @throws {VezaError} `config` for any other key; it names the file.
 */
export function projectLayer({path, content}: JsonFile, suggest: Suggest): StoredLayer {
  checkKeys(content, PROJECT_KEYS, path, suggest)
  return {source: 'project file', origin: path, label: path, content}
}

/**
 * The settings at the top level of the user file. The profiles are checked along with them, so that a mistyped key is
 * found before the profile is used.
 * @throws {VezaError} `config` for a key that is no setting; it names the file.
 */
export function userLayer(file: JsonFile, suggest: Suggest): StoredLayer {
  const {path, content} = file
  checkKeys(content, [...USER_KEYS, 'profiles'], path, suggest)
  for (const [name, profile] of Object.entries(profilesOf(file)))
    checkKeys(profile, PROFILE_KEYS, placeOf(name, path), suggest)
  return {source: 'user file', origin: path, label: path, content}
}

/** The settings of a profile that is there. */
export function profileLayer(
  name: string,
  content: Readonly<Record<string, unknown>>,
  path: string,
): StoredLayer {
  return {source: 'profile', origin: name, label: placeOf(name, path), content}
}

/**
 * The profiles of the user file by name. Ask with `Object.hasOwn`: a profile may have the name of what every object has.
 * @throws {VezaError} `config` where they are no objects in an object.
 */
export function profilesOf({path, content}: JsonFile): Readonly<Record<string, Record<string, unknown>>> {
  const profiles = Object.hasOwn(content, 'profiles') ? content.profiles : {}
  if (!isObject(profiles)) throw new VezaError('config', `profiles in ${path} is no object`)
  for (const [name, profile] of Object.entries(profiles)) {
    if (!isObject(profile)) throw new VezaError('config', `${placeOf(name, path)} is no object`)
  }
  return profiles as Record<string, Record<string, unknown>>
}

function placeOf(profile: string, path: string): string {
  return `the profile ${profile} in ${path}`
}

function checkKeys(
  content: Readonly<Record<string, unknown>>,
  allowed: readonly string[],
  place: string,
  suggest: Suggest,
): void {
  // "$schema", and whatever else an editor may put there.
  const wrong = Object.keys(content).find(key => !key.startsWith('$') && !allowed.includes(key))
  if (wrong !== undefined) throw unknownKey('config', wrong, allowed, `${place} must not set`, suggest)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
