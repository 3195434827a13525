import {processEnvironment} from '../../config/environment.js'
import {resolvePaths} from '../../config/paths.js'
import {profilesOf} from '../../config/stored-layers.js'
import {parseServer} from '../../config/values.js'
import {readStored} from '../open-settings.js'
import {nameCandidates} from './name-candidates.js'
import type {ScopeFlags} from './name-scope.js'
import {lookUpNames} from './names.js'
import {startFetch} from './start-fetch.js'
import type {Candidate, Wanted} from './wanted.js'

/**
 * The names that are wanted: of rooms, users or profiles.
 * @param before the words before the cursor's: `--server` and `--profile` decide whose names those are.
 * @throws {VezaError} where the settings cannot be read.
 */
export async function findNames(
  {kind, typed}: Wanted,
  before: readonly string[],
): Promise<readonly Candidate[]> {
  if (kind === 'profile') return profiles(typed)
  if (kind !== 'room' && kind !== 'user') return []
  const mark = kind === 'room' ? '#' : '@'
  const things = await lookUpNames({
    kind,
    prefix: kind === 'user' ? typed.replace(/^@/, '') : '',
    flags: scopeFlags(before),
    environment: processEnvironment(),
    start: startFetch,
    now: Date.now,
  })
  const me = kind === 'user' && 'me'.startsWith(typed) ? [{value: 'me', summary: 'this account'}] : []
  return [...nameCandidates(things, mark, typed), ...me]
}

async function profiles(typed: string): Promise<readonly Candidate[]> {
  const {userFile} = await readStored(resolvePaths(processEnvironment()))
  return Object.keys(profilesOf(userFile))
    .filter(name => name.startsWith(typed))
    .map(value => ({value, summary: ''}))
}

function scopeFlags(words: readonly string[]): ScopeFlags {
  const server = flagValue(words, '--server')
  const profile = flagValue(words, '--profile')
  return {
    ...(server === undefined ? {} : {server: parseServer(server, '--server')}),
    ...(profile === undefined ? {} : {profile}),
  }
}

function flagValue(words: readonly string[], flag: string): string | undefined {
  const place = words.findLastIndex(word => word === flag || word.startsWith(`${flag}=`))
  if (place === -1) return undefined
  return words[place] === flag ? words[place + 1] : words[place]?.slice(flag.length + 1)
}
