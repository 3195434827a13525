// What completion knows of the commands, made by the build from their classes. The words that help shows for a value decide how
// it is completed: ROOM, USER, FILE, DIR, (a|b|c); so do the names of arguments.
import {createRequire} from 'node:module'
import {loadSource} from './load-source.mjs'

const BY_WORD = {ROOM: 'room', USER: 'user', FILE: 'file', PATH: 'file', DIR: 'folder', FOLDER: 'folder'}
const BY_NAME = {
  room: 'room',
  rooms: 'room',
  user: 'user',
  users: 'user',
  file: 'file',
  files: 'file',
  dir: 'folder',
}

/**
 * @param commandsFile the bundle of all commands
 * @param {Record<string, {description: string}>} topics of package.json
 * @returns what src/lib/cli/complete/tree.ts describes
 */
export async function completionTree(commandsFile, topics) {
  const {COMMANDS} = createRequire(import.meta.url)(commandsFile)
  const settings = await loadSource('lib/config/settings.ts')
  const keys = settings.SETTING_NAMES.map(name => settings.DEFINITIONS[name].key)
  const flags = new Places()
  const shown = Object.entries(COMMANDS).filter(([, command]) => command.hidden !== true)
  const commands = shown.map(([id, command]) => [id, commandOf(id, command, {flags, keys})])
  return {
    commands: Object.fromEntries(commands),
    topics: Object.fromEntries(Object.entries(topics).map(([id, {description}]) => [id, description])),
    flags: flags.all,
  }
}

/** Each different flag once. */
class Places {
  all = []
  #places = new Map()

  of(flag) {
    const text = JSON.stringify(flag)
    if (!this.#places.has(text)) this.#places.set(text, this.all.push(flag) - 1)
    return this.#places.get(text)
  }
}

function commandOf(id, {summary = '', args = {}, flags: own = {}, baseFlags = {}}, {flags, keys}) {
  const all = Object.entries({...baseFlags, ...own}).filter(([, flag]) => flag.hidden !== true)
  return {
    summary,
    args: Object.entries(args).map(([name, arg]) => ({kind: argKind(id, name, arg, keys), ...multiple(arg)})),
    flags: all.map(([name, flag]) => flags.of(flagOf(name, flag))),
  }
}

function flagOf(name, flag) {
  const {char, summary = '', type} = flag
  return {
    name,
    ...(char === undefined ? {} : {char}),
    summary,
    ...(type === 'boolean' ? {} : {kind: flagKind(name, flag)}),
    ...multiple(flag),
  }
}

function multiple(value) {
  return value.multiple === true ? {multiple: true} : {}
}

function flagKind(name, {helpValue, options, words: offered}) {
  if (options !== undefined) return options
  if (offered !== undefined) return offered
  const text = String(helpValue ?? '')
  const words = /^\(([^()]+)\)/.exec(text)?.[1]
  if (words !== undefined) return words.split('|')
  if (name === 'profile') return 'profile'
  const parts = text.split(/[^A-Z]+/)
  return BY_WORD[parts.find(part => part in BY_WORD)] ?? 'none'
}

function argKind(id, name, {words}, keys) {
  if (words !== undefined) return words
  const [topic] = id.split(':')
  if (topic === 'config' && name === 'key') return keys
  if (topic === 'profile' && name === 'name' && id !== 'profile:add') return 'profile'
  return BY_NAME[name] ?? 'none'
}
