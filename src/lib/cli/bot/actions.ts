import type {BotPlace} from '../../bot/bot-context.js'
import type {AuthoredMessage} from '../../bot/decide.js'
import type {OwnCommand} from '../../bot/own-command.js'
import type {Invocation} from '../../bot/parse-command.js'
import type {Phrases} from '../../bot/phrases.js'
import {fill, fillWords, type TemplateValues} from '../../bot/template.js'
import {sanitizeText} from '../../output/sanitize.js'
import type {Sleep} from '../hooks/limits.js'
import {hookVariables, type Variables} from '../hooks/variables.js'
import {isSecretName} from '../run/mask/secret-values.js'
import {type ModuleOutcome, runModule} from './run-module.js'
import {type ProgramOutcome, runProgram} from './run-program.js'
import type {RunningGroups} from './running-groups.js'

/** Of what a program writes to stderr, the last lines are shown. */
const MOST_COMPLAINTS = 20

/** A command of one's own that somebody has called. */
export interface OwnCall {
  readonly command: OwnCommand
  readonly invocation: Invocation
  readonly message: AuthoredMessage
  readonly place: BotPlace
  /** The command as it is typed, for answers. */
  readonly line: string
}

/** What carrying out commands needs. */
export interface ActionOptions {
  readonly phrases: Phrases
  readonly variables: Variables
  readonly sleep: Sleep
  readonly running: RunningGroups
  readonly signal: AbortSignal
  /** Of the modules, see `ModuleRun`. */
  readonly generation: () => number
  readonly warn: (text: string) => void
}

/** Carries out a command of one's own: its answer, empty where there is none, or undefined where the bot has to end first. */
export async function carryOut(call: OwnCall, options: ActionOptions): Promise<string | undefined> {
  const {action} = call.command
  if (action.type === 'reply') return fill(action.template, valuesOf(call), call.invocation.args)
  if (action.type === 'run') {
    const {running, sleep, signal, variables} = options
    const words = fillWords(action.words, valuesOf(call), call.invocation.args)
    const {message, place} = call
    const record = place.kind === 'room' ? {...message, room_name: place.name} : message
    const outcome = await runProgram({
      words,
      folder: action.folder,
      variables: hookVariables(record, withoutOwnSecrets(variables)),
      input: `${JSON.stringify(record)}\n`,
      timeoutMs: action.timeoutMs,
      signal,
      sleep,
      running,
      complain: text => complain(call, text, options),
    })
    return inWords(outcome, call, action.timeoutMs, options)
  }
  const {sleep, signal, generation} = options
  const {path, timeoutMs} = action
  const context = contextOf(call)
  const run = {path, generation: generation(), context, timeoutMs, signal, sleep}
  return inWords(await runModule(run), call, timeoutMs, options)
}

function inWords(
  outcome: ProgramOutcome | ModuleOutcome,
  {line, message}: OwnCall,
  timeoutMs: number,
  {phrases, warn}: ActionOptions,
): string | undefined {
  const {type} = outcome
  if (type === 'stopped') return undefined
  if (type === 'done') {
    const text = sanitizeText(outcome.output).trim()
    if (!('isCut' in outcome && outcome.isCut)) return text
    warn(`${line} for message ${message.id} printed more than 64 KiB and was ended`)
    return `${text}${phrases.cut}`
  }
  const reason = 'reason' in outcome ? `: ${outcome.reason}` : ''
  const exitCode = 'exitCode' in outcome ? outcome.exitCode : undefined
  const how = type === 'timeout' ? `took longer than ${timeoutMs / 1000} s` : `${said(type)}${reason}`
  warn(
    `${line} for message ${message.id} ${how}${exitCode === undefined ? '' : ` with exit code ${exitCode}`}`,
  )
  if (type === 'timeout') return phrases.tooLong(line, timeoutMs / 1000)
  if (type === 'missing') return phrases.missing(line)
  return exitCode === undefined ? phrases.ended(line) : phrases.failed(line, exitCode)
}

/** Each line for itself, without what it could do to a terminal or a log. */
function complain({line, message}: OwnCall, text: string, {warn}: ActionOptions): void {
  for (const complaint of text.trim().split('\n').slice(-MOST_COMPLAINTS))
    warn(`${line} for message ${message.id} complains: ${complaint}`)
}

function said(type: 'failed' | 'missing'): string {
  return type === 'failed' ? 'failed' : 'cannot be run'
}

function valuesOf({invocation, message, place}: OwnCall): TemplateValues {
  return {
    args: invocation.rest,
    user: message.username ?? `user ${message.author_id}`,
    user_id: String(message.author_id),
    room: place.kind === 'room' ? (place.name ?? '') : '',
    message_id: String(message.id),
  }
}

function contextOf({command, invocation, message, place}: OwnCall) {
  return {
    command: command.name,
    args: invocation.args,
    text: invocation.rest,
    user: userOf(message),
    place,
    message,
  }
}

function userOf({author_id, username}: AuthoredMessage): {readonly id: number; readonly username?: string} {
  return username === undefined ? {id: author_id} : {id: author_id, username}
}

/** A program that prints its variables must not give away the bot's account. */
function withoutOwnSecrets(variables: Variables): Variables {
  const isOwn = (name: string): boolean => /^(VEZA|BOT)_/.test(name)
  return Object.fromEntries(
    Object.entries(variables).filter(
      ([name]) => !(isOwn(name) && (isSecretName(name) || name.startsWith('VEZA_REDIS_URL'))),
    ),
  )
}
