import {resolve} from 'node:path'
import {parseDuration} from '../config/values.js'
import {VezaError} from '../errors/veza-error.js'
import {isBuiltin} from './builtins.js'
import {parseCap} from './caps.js'
import type {Action, OwnCommand, OwnCommands} from './own-command.js'
import {ALLOW_ROLES, type Allow, type AllowRole} from './permissions.js'
import {isAllArguments, unknownField} from './template.js'
import {type Entry, readYaml, type Value} from './yaml-reader.js'

const COMMAND_KEYS = ['summary', 'reply', 'run', 'module', 'timeout', 'allow', 'rate'] as const
const ACTIONS = ['reply', 'run', 'module'] as const
const ALLOW_KEYS = ['roles', 'users'] as const
const NAME = /^[\p{L}\p{N}][\p{L}\p{N}_-]{0,31}$/u
/** Where a command says nothing of it. */
const TIMEOUT_MS = 30_000

/** Where a command file is. */
export interface BotFilePlace {
  /** How errors speak of it. */
  readonly name: string
  /** Its folder: programs and modules are named from there. */
  readonly folder: string
}

/**
 * The commands of a file in YAML:
 *
 *     commands:
 *       NAME: {summary, reply: TEMPLATE | run: [PROGRAM, ARGUMENT...] | module: FILE, timeout, allow: {roles, users}, rate}
 *
 * @throws {VezaError} `config` that names the line of the first mistake.
 */
export function parseBotFile(text: string, place: BotFilePlace): OwnCommands {
  const top = keysOf(readYaml(text, place.name), 'a command file', ['commands'])
  const commands = new Map<string, OwnCommand>()
  for (const entry of top.get('commands')?.value.entries('commands') ?? []) {
    const command = readCommand(entry, place)
    if (commands.has(command.name)) throw entry.at.fault(`the command ${command.name} is there twice`)
    commands.set(command.name, command)
  }
  return commands
}

function readCommand({key, at, value}: Entry, {folder}: BotFilePlace): OwnCommand {
  const name = key.toLowerCase()
  if (!NAME.test(name))
    throw at.fault(`"${key}" is no name for a command`, 'take up to 32 letters, digits, - and _')
  if (isBuiltin(name)) throw at.fault(`the command ${name} is built in`)
  const keys = keysOf(value, `the command ${name}`, COMMAND_KEYS)
  return {
    name,
    summary: keys.get('summary')?.value.text('summary'),
    allow: readAllow(keys.get('allow')?.value),
    rate: keys.get('rate')?.value.read('rate', parseCap),
    action: readAction(at, keys, name, folder),
  }
}

function readAction(at: Value, keys: ReadonlyMap<string, Entry>, name: string, folder: string): Action {
  const [type, second] = ACTIONS.filter(action => keys.has(action))
  const entry = type === undefined ? undefined : keys.get(type)
  if (type === undefined || entry === undefined || second !== undefined)
    throw (second === undefined ? at : (keys.get(second)?.at ?? at)).fault(
      `the command ${name} wants one of: ${ACTIONS.join(', ')}`,
    )
  const timeout = keys.get('timeout')
  if (type === 'reply') {
    if (timeout !== undefined) throw timeout.at.fault('a reply takes no time: it has no timeout')
    return {type, template: readTemplate(entry.value, 'reply')}
  }
  const timeoutMs = timeout?.value.read('timeout', parseTimeout) ?? TIMEOUT_MS
  if (type === 'module') return {type, path: resolve(folder, entry.value.text('module')), timeoutMs}
  return {type, words: readWords(entry.value, folder), folder, timeoutMs}
}

function readWords(value: Value, folder: string): readonly string[] {
  const words = value
    .list('run')
    .map((word, at) => (at === 0 ? readTemplate(word, 'the program of run') : readWord(word)))
  const [program = ''] = words
  if (program.includes('{{')) throw value.fault('the program of run must not be chosen by who calls it')
  return [program.includes('/') ? resolve(folder, program) : program, ...words.slice(1)]
}

function readWord(value: Value): string {
  const word = value.text('run')
  return isAllArguments(word) ? word : readTemplate(value, 'run')
}

function readTemplate(value: Value, what: string): string {
  const template = value.text(what)
  const unknown = unknownField(template)
  if (unknown === undefined) return template
  if (unknown === '*') {
    throw value.fault(
      `${what} has {{*}} where it cannot be`,
      'it is a word of its own behind the program of run; elsewhere {{args}} is all that was typed',
    )
  }
  throw value.fault(
    `${what} names {{${unknown}}}, which there is not`,
    'see veza bot run --help for the names',
  )
}

function readAllow(value: Value | undefined): Allow | undefined {
  if (value === undefined) return undefined
  const keys = keysOf(value, 'allow', ALLOW_KEYS)
  const roles = keys.get('roles')?.value.list('roles') ?? []
  const users = keys.get('users')?.value.list('users') ?? []
  if (roles.length + users.length === 0) throw value.fault('allow wants roles or users')
  return {
    roles: roles.map(role => role.read('roles', parseRole)),
    users: users.map(user => user.text('users')),
  }
}

function parseRole(text: string, label: string): AllowRole {
  const role = ALLOW_ROLES.find(name => name === text)
  if (role === undefined) throw new VezaError('config', `${label} wants some of: ${ALLOW_ROLES.join(', ')}`)
  return role
}

function parseTimeout(text: string, label: string): number {
  const timeoutMs = parseDuration(text, label)
  if (timeoutMs === 0) throw new VezaError('config', `${label} wants more than no time`)
  return timeoutMs
}

/** The entries of a map that may have these keys and no others. */
function keysOf(value: Value, what: string, known: readonly string[]): ReadonlyMap<string, Entry> {
  const entries = value.entries(what)
  for (const {key, at} of entries)
    if (!known.includes(key))
      throw at.fault(`${what} has no key "${key}"`, `the keys are: ${known.join(', ')}`)
  return new Map(entries.map(entry => [entry.key, entry]))
}
