import {profileName} from '../config/kinds.js'
import {resolveSetting} from '../config/resolve.js'
import {DEFINITIONS} from '../config/settings.js'
import {profilesOf} from '../config/stored-layers.js'
import {sectionOf, withFields, withoutProfile} from '../config/user-file.js'
import {VezaError} from '../errors/veza-error.js'
import type {ProfileRecord} from '../output/views/profile.js'
import {assertProfile, tellIfOutranked} from './config-actions.js'
import type {Context} from './context.js'
import {readStored} from './open-settings.js'
import {updateUserFile} from './update-user-file.js'

/** What a profile sets, as the file has it. */
type Content = Readonly<Record<string, unknown>>

/** All profiles of the user file, by name. @throws {VezaError} `config` as `readStored`. */
export async function listProfiles({environment, paths, settings}: Context): Promise<ProfileRecord[]> {
  const {userFile, user, project} = await readStored(paths)
  const stored = project === undefined ? [user] : [project, user]
  const inUse = resolveSetting('profile', {flags: settings, environment, stored}).value
  return Object.entries(profilesOf(userFile))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, content]) => recordOf(name, content, name === inUse))
}

/** What a new profile sets. */
export interface NewProfile {
  readonly server?: string | undefined
  readonly username?: string | undefined
  readonly room?: string | undefined
}

/**
 * Adds a profile; the one in use stays that.
 * @throws {VezaError} `usage` for a name or value that none may have, `conflict` where the name is taken, `config` as
 * `updateUserFile`.
 */
export async function addProfile(context: Context, name: string, fields: NewProfile): Promise<ProfileRecord> {
  profileName.parse(name, 'NAME')
  for (const key of ['username', 'room'] as const) {
    const value = fields[key]
    if (value !== undefined) DEFINITIONS[key].kind.parse(value, `--${key}`)
  }
  await updateUserFile(context.paths, context.signal, file => {
    if (sectionOf(file, name) !== undefined)
      throw new VezaError('conflict', `there is a profile ${name} already`, {
        hint: `change it with: veza config set KEY VALUE --profile ${name}`,
      })
    return withFields(file, name, {...fields})
  })
  return {name, current: false, ...fields}
}

/**
 * Makes a profile the one in use.
 * @throws {VezaError} `usage` where it is not there, with the nearest one; `config` as `updateUserFile`.
 */
export async function useProfile(context: Context, name: string): Promise<ProfileRecord> {
  let content: Content = {}
  await updateUserFile(context.paths, context.signal, file => {
    assertProfile(file, name)
    content = sectionOf(file, name) ?? {}
    return withFields(file, undefined, {profile: name})
  })
  await tellIfOutranked(context, 'profile')
  return recordOf(name, content, true)
}

/**
 * Removes a profile. If it was the one in use, none is. A session stays: it belongs to its server.
 * @param confirmed asks for leave, once it is known that there is something to remove.
 * @throws {VezaError} as `useProfile`, and what `confirmed` throws.
 */
export async function removeProfile(
  {paths, signal}: Context,
  name: string,
  confirmed: () => Promise<void>,
): Promise<void> {
  const {userFile} = await readStored(paths)
  assertProfile(userFile, name)
  await confirmed()
  await updateUserFile(paths, signal, file => {
    assertProfile(file, name)
    return withoutProfile(file, name)
  })
}

function recordOf(name: string, content: Content, current: boolean): ProfileRecord {
  const text = (key: string): string | undefined => {
    const value = Object.hasOwn(content, key) ? content[key] : undefined
    return value === undefined ? undefined : String(value)
  }
  return {name, current, server: text('server'), username: text('username'), room: text('room')}
}
