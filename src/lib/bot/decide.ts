import type {Message} from '../../contract/resources.js'
import type {Channel} from '../realtime/channel.js'
import {type Builtin, isBuiltin} from './builtins.js'
import type {OwnCommand, OwnCommands} from './own-command.js'
import {type Invocation, parseCommand} from './parse-command.js'

/** What a bot goes by. */
export interface BotRules {
  /** The id of its account, from the server: names can change. */
  readonly botId: number
  readonly prefix: string
  readonly commands: OwnCommands
  /** What was sent before this moment is not answered, milliseconds since 1970. */
  readonly oldestMs: number
}

/** What a bot does about a message. */
export type Decision =
  /** Not for the bot. */
  | {readonly type: 'ignore'}
  /** It would have been answered, but is too old. */
  | {readonly type: 'old'}
  | {readonly type: 'builtin'; readonly name: Builtin}
  | {readonly type: 'own'; readonly command: OwnCommand; readonly invocation: Invocation}
  | {readonly type: 'unknown'; readonly name: string}
  /** A direct message that is no command. */
  | {readonly type: 'greeting'}

/** A message that a bot answers: who wrote it is known. */
export type AuthoredMessage = Message & {readonly author_id: number}

/** Whether the author is known and is not the bot: else it could talk to itself. */
export function isOfOthers(message: Message, botId: number): message is AuthoredMessage {
  return message.author_id !== undefined && message.author_id !== botId
}

/** What to do about a message of somebody else: in a room each command is answered, in a conversation each message. */
export function decide({content, created_at}: Message, {kind}: Channel, rules: BotRules): Decision {
  const invocation = parseCommand(content, rules.prefix)
  if (invocation === undefined && kind === 'room') return {type: 'ignore'}
  if (Date.parse(created_at ?? '') < rules.oldestMs) return {type: 'old'}
  if (invocation === undefined) return {type: 'greeting'}
  const name = invocation.name === '' ? 'help' : invocation.name
  if (isBuiltin(name)) return {type: 'builtin', name}
  const command = rules.commands.get(name)
  return command === undefined ? {type: 'unknown', name} : {type: 'own', command, invocation}
}
