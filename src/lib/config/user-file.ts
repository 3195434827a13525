import {join} from 'node:path'
import type {Paths} from './paths.js'
import {type JsonFile, profilesOf} from './stored-layers.js'

type Content = Readonly<Record<string, unknown>>

/** Path of the user's own settings. */
export function userFilePath(paths: Paths): string {
  return join(paths.configDir, 'config.json')
}

/** What a profile sets, or the top level where no profile is named; undefined where there is no such profile. */
export function sectionOf(file: JsonFile, profile: string | undefined): Content | undefined {
  if (profile === undefined) return file.content
  const profiles = profilesOf(file)
  return Object.hasOwn(profiles, profile) ? profiles[profile] : undefined
}

/**
 * The content with other fields in a profile, made where there is none, or at the top level; everything else as it was.
 * A field that is undefined is left out.
 */
export function withFields(file: JsonFile, profile: string | undefined, fields: Content): Content {
  const section = defined({...sectionOf(file, profile), ...fields})
  if (profile === undefined) return section
  return {...file.content, profiles: {...profilesOf(file), [profile]: section}}
}

/** The content without a profile; it is no longer the one in use. */
export function withoutProfile(file: JsonFile, name: string): Content {
  const profiles = Object.fromEntries(Object.entries(profilesOf(file)).filter(([other]) => other !== name))
  const {profile} = file.content
  return defined({...file.content, profile: profile === name ? undefined : profile, profiles})
}

function defined(fields: Content): Content {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
