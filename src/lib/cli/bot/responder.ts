import {fitAnswer, quoteOf} from '../../bot/answer.js'
import {answerBuiltin} from '../../bot/builtins.js'
import {type Cap, Caps} from '../../bot/caps.js'
import type {AuthoredMessage, Decision} from '../../bot/decide.js'
import type {OwnCommand, OwnCommands} from '../../bot/own-command.js'
import {commandLine} from '../../bot/parse-command.js'
import {mayUse} from '../../bot/permissions.js'
import type {BotStats} from '../../bot/phrases.js'
import {VezaError} from '../../errors/veza-error.js'
import {type Channel, channelKey} from '../../realtime/channel.js'
import {type ActionOptions, carryOut} from './actions.js'
import type {Roles} from './roles.js'

/** A message that the bot answers. */
export interface Owed {
  readonly message: AuthoredMessage
  readonly channel: Channel
  readonly decision: Exclude<Decision, {type: 'ignore' | 'old'}>
  /** Whether it replies to a message of the bot: so would another bot. */
  readonly isReply: boolean
}

/** What to answer; `stopped`: the bot has to end before that is known. */
export type Reply =
  | {readonly type: 'text'; readonly text: string}
  | {readonly type: 'silent' | 'capped' | 'stopped'}

/** What answering needs. */
export interface ResponderOptions extends ActionOptions {
  readonly prefix: string
  readonly dmCap: Cap
  readonly commands: () => OwnCommands
  readonly stats: () => BotStats
  readonly roles: Roles
  readonly nameOf: (channel: Channel) => string | undefined
  /** The server's clock. */
  readonly now: () => Date
  /** See `persist`. */
  readonly persist: <T>(work: () => Promise<T>) => Promise<T>
}

/** Finds the answer to a message: who asks too often or may not gets none, or is told so. */
export class Responder {
  readonly #options: ResponderOptions
  readonly #peers: Caps
  /** By command: one that was read again counts anew. */
  readonly #rates = new WeakMap<OwnCommand, Caps>()

  constructor(options: ResponderOptions) {
    this.#options = options
    this.#peers = new Caps(options.dmCap)
  }

  /** @throws {VezaError} what finding out a role throws, and `persist`. */
  async reply(owed: Owed): Promise<Reply> {
    if (this.#isTalkative(owed)) return {type: 'capped'}
    const reply = await this.#reply(owed)
    if (reply.type !== 'text') return reply
    const text = fitAnswer(reply.text, this.#options.phrases.cut)
    return text === '' ? {type: 'silent'} : {type: 'text', text}
  }

  /** Two bots that answer each other, in a conversation or in a room, would never end. */
  #isTalkative(owed: Owed): boolean {
    const {channel, isReply, message} = owed
    if (channel.kind === 'room' && !isReply) return false
    const taken = this.#peers.take(`${channelKey(channel)} ${message.author_id}`, this.#timeOf(owed))
    if (taken.type === 'taken') return false
    const what = channel.kind === 'room' ? 'replies to the bot' : 'direct messages'
    if (taken.isFirst)
      this.#options.warn(`${nameOf(message)} writes too often: some of these ${what} get no answer`)
    return true
  }

  async #reply(owed: Owed): Promise<Reply> {
    const {commands, now, phrases, prefix, stats} = this.#options
    const {decision, message} = owed
    if (decision.type === 'own') return this.#own(owed, decision)
    if (decision.type === 'greeting') return said(phrases.greeting(nameOf(message), quoteOf(message.content)))
    if (decision.type === 'unknown') return said(phrases.unknown(commandLine(prefix, 'help')))
    const others = [...commands().values()]
    return said(answerBuiltin(decision.name, {phrases, prefix, now: now(), stats: stats(), others}))
  }

  async #own(owed: Owed, {command, invocation}: Extract<Decision, {type: 'own'}>): Promise<Reply> {
    const {phrases, prefix} = this.#options
    const {channel, message} = owed
    const line = commandLine(prefix, command.name)
    if (!(await this.#mayUse(owed, command))) return said(phrases.forbidden(line))
    const taken = this.#rateOf(command)?.take(String(message.author_id), this.#timeOf(owed))
    if (taken?.type === 'refused') {
      // Who goes on all the same is not answered each time.
      return taken.isFirst ? said(phrases.tooOften(line, Math.ceil(taken.waitMs / 1000))) : {type: 'capped'}
    }
    const name = this.#options.nameOf(channel) ?? message.room_name
    const place = {...channel, ...(name === undefined ? {} : {name})}
    const text = await carryOut({command, invocation, message, place, line}, this.#options)
    return text === undefined ? {type: 'stopped'} : said(text)
  }

  async #mayUse({channel, message}: Owed, command: OwnCommand): Promise<boolean> {
    const {persist, roles, warn} = this.#options
    const {author_id: id, username} = message
    try {
      return await persist(() => mayUse(command.allow, {id, username}, roles.of(id, channel)))
    } catch (error) {
      if (!(error instanceof VezaError) || !isSecret(error)) throw error
      warn(
        `the roles of ${nameOf(message)} cannot be found out (${error.message}): ${command.name} is refused`,
      )
      return false
    }
  }

  #rateOf(command: OwnCommand): Caps | undefined {
    const {rate} = command
    if (rate === undefined) return undefined
    const known = this.#rates.get(command)
    if (known !== undefined) return known
    const caps = new Caps(rate)
    this.#rates.set(command, caps)
    return caps
  }

  /** When it was asked, so that a burst which waited for the bot is no burst. */
  #timeOf({message}: Owed): number {
    const sentMs = Date.parse(message.created_at ?? '')
    return Number.isNaN(sentMs) ? this.#options.now().getTime() : sentMs
  }
}

/** The server does not tell, or cannot. */
function isSecret({code, status}: VezaError): boolean {
  return code === 'forbidden' || code === 'not_found' || status === 500
}

function said(text: string): Reply {
  return {type: 'text', text}
}

function nameOf({author_id, username}: AuthoredMessage): string {
  return username ?? `user ${author_id}`
}
