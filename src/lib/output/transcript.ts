import type {Message} from '../../contract/resources.js'
import {type Measure, truncate} from './formats/layout.js'
import {createHighlighter, type Highlighter, mentionOf} from './highlight.js'
import {RecentMessages} from './recent-messages.js'
import {messageView} from './views/message.js'
import {type LineParts, pipeLine, terminalLine} from './views/message-line.js'
import type {View, ViewContext} from './views/view.js'

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
]

/** How the messages of one tail are shown. */
export interface TranscriptOptions {
  /** Whether stdout is a terminal; in a pipe nothing is remembered and no library is loaded. */
  readonly isTTY: boolean
  /** Whether each message says where it is: for a tail of several channels. */
  readonly withChannel: boolean
  /** What to call the place of a message. Default: `#name` or `#id` of a room, `dm id` of a conversation. */
  readonly channelName?: (message: Message) => string
  /** What is set off in the content. */
  readonly highlight?: readonly RegExp[]
  /** Sets parts of the content off instead of `highlight` and `me`. */
  readonly highlighter?: Highlighter
  /** One's own user name: `@name` is set off, too. */
  readonly me?: string | undefined
}

/**
 * The human form of one tail (section 5 of the contract, `room_message` and `dm_message`). Messages have the place filled
 * in, and `late: true` where they came late. At a terminal: `HH:MM:SS #room author (late): content`, before it a line for
 * a day other than the one before it (today at first), and the line `  ↳ author: beginning` of what it answers, or
 * `↳ #id` behind the author where that is none of the last 500. In a pipe: `created_at<TAB>author<TAB>content`, with
 * `withChannel` also `<TAB>#room`. One view for one tail.
 */
export async function createTranscript(options: TranscriptOptions): Promise<View<Message>> {
  const partsOf = partsFor(options)
  const {columns} = messageView
  if (!options.isTTY) return {columns, line: (message, {style}) => pipeLine(message, style, partsOf(message))}
  const {default: measure} = await import('string-width')
  const transcript = new Transcript(partsOf, measure)
  return {columns, line: (message, context) => transcript.show(message, context)}
}

/** What `createTranscript` remembers at a terminal. */
class Transcript {
  readonly #partsOf: (message: Message) => LineParts
  readonly #measure: Measure
  readonly #recent: RecentMessages
  #day: string | undefined

  constructor(partsOf: (message: Message) => LineParts, measure: Measure) {
    this.#partsOf = partsOf
    this.#measure = measure
    this.#recent = new RecentMessages(measure)
  }

  show(message: Message, context: ViewContext): string {
    const {style, width} = context
    const day = this.#newDay(message, context)
    const answered = this.#recent.answeredBy(message)
    const line = terminalLine(message, style, {
      ...this.#partsOf(message),
      showsParent: answered === undefined,
    })
    this.#recent.add(message)
    // Two columns: an indent that no line of any content can have.
    const quote = answered && truncate(`  ↳ ${answered}`, width, this.#measure)
    return [day, quote]
      .filter(above => above !== undefined)
      .map(above => `${style.dim(above)}\n`)
      .join('')
      .concat(line)
  }

  #newDay({created_at}: Message, {now}: ViewContext): string | undefined {
    const time = new Date(created_at ?? Number.NaN)
    if (Number.isNaN(time.getTime())) return undefined
    const before = this.#day ?? now.toDateString()
    this.#day = time.toDateString()
    return this.#day === before ? undefined : `── ${dayName(time)} ──`
  }
}

function partsFor({
  withChannel,
  channelName = placeOf,
  highlight = [],
  highlighter,
  me,
}: TranscriptOptions): (message: Message) => LineParts {
  const patterns = me === undefined ? highlight : [...highlight, mentionOf(me)]
  const paint = highlighter ?? (patterns.length === 0 ? undefined : createHighlighter(patterns))
  const emphasis = paint === undefined ? {} : {highlight: paint}
  return message => (withChannel ? {...emphasis, channel: channelName(message)} : emphasis)
}

function placeOf({room_name, room_id, conversation_id}: Message): string {
  return conversation_id === undefined ? `#${room_name ?? room_id ?? '?'}` : `dm ${conversation_id}`
}

/** The local day of a valid time, in words: `Sunday, 22 November 2026`. Intl's words differ between Node versions. */
function dayName(time: Date): string {
  return `${WEEKDAYS[time.getDay()]}, ${time.getDate()} ${MONTHS[time.getMonth()]} ${time.getFullYear()}`
}
