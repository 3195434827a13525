import {commandLine} from './parse-command.js'
import type {BotStats, Phrases} from './phrases.js'

/** The commands of the guide's bot (section 6 of the contract). */
export const BUILTINS = ['help', 'ping', 'time', 'stats'] as const

/** One of them. */
export type Builtin = (typeof BUILTINS)[number]

/** What their answers are made of. */
export interface BuiltinFacts {
  readonly phrases: Phrases
  readonly prefix: string
  readonly now: Date
  readonly stats: BotStats
  /** The bot's other commands, which `help` lists too. */
  readonly others: readonly {readonly name: string; readonly summary?: string | undefined}[]
}

/** Whether a name is one of them. */
export function isBuiltin(name: string): name is Builtin {
  return BUILTINS.some(builtin => builtin === name)
}

/** The answer to one of them. */
export function answerBuiltin(name: Builtin, facts: BuiltinFacts): string {
  const {now, phrases, stats} = facts
  if (name === 'ping') return phrases.pong
  if (name === 'time') return phrases.time(timeIn(phrases, now))
  return name === 'stats' ? phrases.stats(stats) : helpText(facts)
}

function helpText({others, phrases, prefix}: BuiltinFacts): string {
  const named = (name: string): string => commandLine(prefix, name)
  const lines = others.map(
    ({name, summary}) => `${named(name)}${summary === undefined ? '' : `: ${summary}`}`,
  )
  return [phrases.help(BUILTINS.map(named).join(', ')), ...lines].join('\n')
}

/** With its zone: who asks may live in another. */
function timeIn({locale}: Phrases, now: Date): string {
  return new Intl.DateTimeFormat(locale, {timeStyle: 'long'}).format(now)
}
