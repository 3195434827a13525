import type {Message} from '../../../contract/resources.js'

const PREFIX = 'VEZA_MESSAGE_'
/** What asks for metrics is for this process: a command of veza in a hook would want the same port. */
const OWN = /^VEZA_METRICS_(?:LISTEN|FILE)$/

/**
 * The longest value, in UTF-16 units: at most 90,000 bytes, and Linux takes 128 KiB for one variable, Windows 32,767
 * units.
 */
const LONGEST = 30_000

/** Environment variables as a child process gets them. */
export type Variables = Readonly<Record<string, string | undefined>>

/** What there is to say, by name; what is undefined or null is not said. */
export type VariableValues = Readonly<Record<string, string | number | null | undefined>>

/**
 * What a hook is told of a message beside its record (section 4 of the contract): `VEZA_MESSAGE_ID`, `_CONTENT`,
 * `_AUTHOR`, `_AUTHOR_ID`, `_ROOM_ID`, `_ROOM`, `_CONVERSATION_ID`, `_PARENT_ID`, `_CREATED_AT`, as `prefixedVariables`
 * has them.
 */
export function hookVariables(message: Message, inherited: Variables): Record<string, string> {
  return prefixedVariables(PREFIX, valuesOf(message), inherited)
}

/**
 * The variables of a hook. A value that no variable can hold loses its NUL characters and its end, and `TRUNCATED` behind
 * the prefix is 1.
 * @param inherited the variables of this process; those that begin with the prefix are of another record and left out,
 * and so is what asks for metrics.
 */
export function prefixedVariables(
  prefix: string,
  values: VariableValues,
  inherited: Variables,
): Record<string, string> {
  const ours = Object.entries(values).flatMap(([name, value]) =>
    value === undefined || value === null ? [] : [{name: prefix + name, ...fitting(String(value))}],
  )
  const isOfOthers = (entry: [string, string | undefined]): entry is [string, string] =>
    entry[1] !== undefined && !entry[0].startsWith(prefix) && !OWN.test(entry[0])
  return {
    ...Object.fromEntries(Object.entries(inherited).filter(isOfOthers)),
    ...Object.fromEntries(ours.map(({name, value}) => [name, value])),
    ...(ours.some(({isCut}) => isCut) ? {[`${prefix}TRUNCATED`]: '1'} : {}),
  }
}

function valuesOf(message: Message): VariableValues {
  return {
    ID: message.id,
    CONTENT: message.content,
    AUTHOR: message.username,
    AUTHOR_ID: message.author_id,
    ROOM_ID: message.room_id,
    ROOM: message.room_name,
    CONVERSATION_ID: message.conversation_id,
    PARENT_ID: message.parent_id,
    CREATED_AT: message.created_at,
  }
}

function fitting(text: string): {readonly value: string; readonly isCut: boolean} {
  const value = text.replaceAll('\0', '').slice(0, LONGEST)
  const isCut = value.length < text.length
  // Never half of a character of two units.
  return {value: isCut ? value.replace(/[\ud800-\udbff]$/, '') : value, isCut}
}
