import type {Message} from '../../contract/resources.js'

/** A script hands the fields of an entry to Redis in one call, which takes some 8,000 words: what is beyond is put together. */
const MOST_FIELDS = 500
/** Where the fields beyond `MOST_FIELDS` go, as one JSON object. */
const REST = 'more_fields'

/**
 * Appends a message as the flat fields of a stream entry, name and text by turns, and returns how many words these are:
 * the normalised names of section 7 of the contract, strings as they are, anything else as JSON; what is absent or null is
 * left out, unknown fields are kept. `late` is `1` for a message that came after others with higher ids, and absent for
 * all others.
 */
export function addEntry(words: string[], message: Message, late: boolean): number {
  const before = words.length
  let fields = 0
  for (const name in message) {
    const value = message[name]
    if (value === undefined || value === null || name === 'late') continue
    fields += 1
    if (fields > MOST_FIELDS) return addRest(words, before, message, late)
    words.push(name, typeof value === 'string' ? value : JSON.stringify(value))
  }
  if (late) words.push('late', '1')
  return words.length - before
}

/** Nothing that a server sends may keep a room from going on. */
function addRest(words: string[], before: number, message: Message, late: boolean): number {
  const names = new Set<string>()
  for (let at = before; at < words.length; at += 2) names.add(words[at] ?? '')
  const rest = Object.entries(message).filter(([name, value]) => !names.has(name) && value !== null)
  words.push(REST, JSON.stringify(Object.fromEntries(rest)))
  if (late) words.push('late', '1')
  return words.length - before
}
