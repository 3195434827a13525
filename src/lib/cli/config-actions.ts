import {resolve} from 'node:path'
import {unknownKey, unknownProfile} from '../config/key-errors.js'
import type {Paths} from '../config/paths.js'
import type {ResolvedSettings} from '../config/resolve.js'
import {DEFINITIONS, PROFILE_KEYS, SETTING_NAMES, type Settings, USER_KEYS} from '../config/settings.js'
import {type SettingValue, showValue} from '../config/show-value.js'
import {type JsonFile, profilesOf} from '../config/stored-layers.js'
import {sectionOf, userFilePath, withFields} from '../config/user-file.js'
import {VezaError} from '../errors/veza-error.js'
import type {SettingRecord} from '../output/views/setting.js'
import type {Context} from './context.js'
import {nearest} from './nearest.js'
import {openSettings} from './open-settings.js'
import {updateUserFile} from './update-user-file.js'

/** Path of the file that `setSetting` writes. */
export function configPath(paths: Paths): string {
  return userFilePath(paths)
}

/** Every setting with its value and where that came from. */
export function listSettings(resolved: ResolvedSettings): SettingRecord[] {
  return SETTING_NAMES.map(name => recordOf(name, resolved))
}

/**
 * One setting.
 * @throws {VezaError} `usage` for a key that is none, with the nearest one; `not_found` where it has no value.
 */
export function getSetting(resolved: ResolvedSettings, key: string): SettingRecord {
  const keys = SETTING_NAMES.map(name => DEFINITIONS[name].key)
  const record = recordOf(nameOf(key, keys, 'there is no setting'), resolved)
  if (record.value !== undefined) return record
  throw new VezaError('not_found', `${key} has no value`, {
    hint: `give it one with: veza config set ${key} VALUE`,
  })
}

/**
 * Writes a setting to the user file: at its top level, or in the profile that `--profile` or its variable names. A path
 * becomes absolute, as the file holds in every folder.
 * @throws {VezaError} `usage` for a key that no file may set, a value it does not take, or a profile that is not there;
 * `config` as `updateUserFile`.
 */
export async function setSetting(context: Context, key: string, text: string): Promise<SettingRecord> {
  const profile = sectionFor(context, key)
  const name = nameOf(key, profile === undefined ? USER_KEYS : PROFILE_KEYS, 'cannot set')
  const {kind} = DEFINITIONS[name]
  const parsed = kind.parse(text, key)
  const value = kind.name === 'path' ? resolve(text) : showValue(kind.name, parsed)
  await updateUserFile(context.paths, context.signal, file => {
    assertProfile(file, key === 'profile' ? text : profile)
    return withFields(file, profile, {[key]: value})
  })
  await tellIfOutranked(context, name)
  return {key, value, ...writtenTo(context, key)}
}

/**
 * Removes a setting from where `setSetting` writes it; also a key that is no setting, which keeps everything else from
 * running.
 * @returns whether it was there.
 * @throws {VezaError} as `setSetting`.
 */
export async function unsetSetting(context: Context, key: string): Promise<boolean> {
  const {paths, signal} = context
  const profile = sectionFor(context, key)
  let found = false
  await updateUserFile(paths, signal, file => {
    assertProfile(file, profile)
    found = key !== 'profiles' && Object.hasOwn(sectionOf(file, profile) ?? {}, key)
    if (!found) nameOf(key, USER_KEYS, 'there is no setting')
    return found ? withFields(file, profile, {[key]: undefined}) : undefined
  })
  return found
}

/**
 * Checks that a profile is there, where one is named.
 * @throws {VezaError} `usage` with the nearest one.
 */
export function assertProfile(file: JsonFile, profile: string | undefined): void {
  if (profile === undefined || sectionOf(file, profile) !== undefined) return
  throw unknownProfile('usage', profile, Object.keys(profilesOf(file)), nearest)
}

/** Says so where something stronger than the user file sets the same: else a change would seem to do nothing. */
export async function tellIfOutranked(context: Context, name: keyof Settings): Promise<void> {
  const {environment, out, paths, settings} = context
  const {profile} = name === 'profile' ? {} : settings
  const sources = {flags: profile === undefined ? {} : {profile}, environment, paths, usesFiles: true}
  // What else is wrong in the files is for the next command to tell, this one has done its work.
  const resolved = await openSettings(sources).catch(() => undefined)
  const source = resolved?.sources[name]
  if (
    resolved === undefined ||
    source === undefined ||
    source === 'flag' ||
    source === writtenTo(context, DEFINITIONS[name].key).source
  )
    return
  out.warn(`the ${source} (${resolved.origins[name]}) sets ${DEFINITIONS[name].key}, too, and outranks this`)
}

/** The profile whose section a key is in; undefined for the top level, where alone a profile can be named. */
function sectionFor({resolved: {sources}, settings: {profile}}: Context, key: string): string | undefined {
  return key === 'profile' && sources.profile === 'environment' ? undefined : profile
}

function writtenTo(context: Context, key: string): Pick<SettingRecord, 'source' | 'origin'> {
  const profile = sectionFor(context, key)
  return profile === undefined
    ? {source: 'user file', origin: userFilePath(context.paths)}
    : {source: 'profile', origin: profile}
}

function recordOf(name: keyof Settings, {values, sources, origins}: ResolvedSettings): SettingRecord {
  const {key, kind} = DEFINITIONS[name]
  const value: SettingValue = showValue(kind.name, values[name])
  return {key, value, source: sources[name], origin: origins[name]}
}

function nameOf(key: string, allowed: readonly string[], refusal: string): keyof Settings {
  const name = SETTING_NAMES.find(candidate => DEFINITIONS[candidate].key === key)
  if (name === undefined || !allowed.includes(key)) throw unknownKey('usage', key, allowed, refusal, nearest)
  return name
}
