/** Who has called a command. */
export interface BotCaller {
  readonly id: number
  readonly username?: string
}

/** Where it was called: in a room, or in a conversation of two. */
export interface BotPlace {
  readonly kind: 'room' | 'dm'
  readonly id: number
  /** The room's name, or that of the other user, where it is known. */
  readonly name?: string
}

/** What the module of a bot's command gets. */
export interface BotContext {
  /** The name of the command, in lower case. */
  readonly command: string
  /** The words behind it, quotes resolved. */
  readonly args: readonly string[]
  /** All behind it, as it was typed. */
  readonly text: string
  readonly user: BotCaller
  readonly place: BotPlace
  /** The message as the server sent it. */
  readonly message: Readonly<Record<string, unknown>> & {readonly id: number; readonly content: string}
  /** Aborted when the time of the command is over, or the bot has to end. */
  readonly signal: AbortSignal
}

/**
 * What the module of a bot's command exports as `default`: it returns the answer, or nothing where there is none. It may
 * run again for the same message after the bot was killed; the answer is sent once.
 */
export type BotCommand = (context: BotContext) => Promise<string | undefined> | string | undefined
