import type {Channel} from '../../../src/lib/realtime/channel.js'
import type {Row} from '../bot/judge.js'
import {faultsOf} from '../bot/judge.js'
import type {TimedEntry} from '../relay/stream.js'
import {figureOf, type Service} from './service.js'
import type {Services} from './services.js'

/** A figure that a service or the server counted, beside what it has to be. */
export interface Comparison {
  readonly what: string
  readonly counted: number
  /** Exactly, or the least and the most. */
  readonly truth: number | readonly [number, number]
}

/** All that is compared at the end, when nothing goes wrong any more and all have caught up. */
export interface Accounts {
  readonly history: ReadonlyMap<Channel, readonly Row[]>
  readonly entries: readonly TimedEntry[]
  readonly services: Services
  readonly sandbox: Service
  /** What each answered Prometheus last. */
  readonly metrics: ReadonlyMap<Service, string>
}

export const isTrue = ({counted, truth}: Comparison): boolean =>
  typeof truth === 'number' ? counted === truth : counted >= truth[0] && counted <= truth[1]

/** The messages of all rooms. */
export function roomRows(history: Accounts['history']): readonly Row[] {
  return [...history].filter(([{kind}]) => kind === 'room').flatMap(([, rows]) => rows)
}

const BOT_ID = 4

/** Each command of the bot has one answer: what is wrong with that, and how many there are. */
export function answersIn(history: Accounts['history']): {
  readonly answered: number
  readonly faults: readonly string[]
} {
  const verdicts = [...history].map(([{kind, id}, rows]) => {
    const isCommand = ({content}: Row): boolean => kind === 'dm' || content.startsWith('!bot ')
    const {answered, faults} = faultsOf(rows, BOT_ID, isCommand)
    return {answered, faults: faults.map(fault => `bot, ${kind} ${id}: ${fault}`)}
  })
  return {
    answered: verdicts.reduce((sum, {answered}) => sum + answered, 0),
    faults: verdicts.flatMap(({faults}) => faults),
  }
}

/** Counters beside the truth of the server. */
export function compareAll(accounts: Accounts): Comparison[] {
  return [
    ...compareServer(accounts),
    ...compareTail(accounts),
    ...compareBot(accounts),
    ...compareRelays(accounts),
    ...accounts.services.all.map(service => ({
      what: `${service.name}: reconnections, by what it said`,
      counted: countOf(accounts, service, 'chat_client_reconnections_total'),
      truth: service.reconnections,
    })),
  ]
}

/** What a client counts as an attempt may not have reached the server; what was live again has. */
function compareServer(accounts: Accounts): Comparison[] {
  const {services, sandbox, history} = accounts
  const all = (name: string): number =>
    services.all.reduce((sum, service) => sum + countOf(accounts, service, name), 0)
  return [
    {
      what: 'server: messages stored',
      counted: countOf(accounts, sandbox, 'veza_sandbox_messages_total'),
      truth: [...history.values()].reduce((sum, rows) => sum + rows.length, 0),
    },
    {
      what: 'server: connections open, by the clients',
      counted: countOf(accounts, sandbox, 'veza_sandbox_connections_active'),
      truth: all('chat_client_connections_active'),
    },
    {
      what: 'server: connections, between live ones and attempts of the clients',
      counted: countOf(accounts, sandbox, 'veza_sandbox_connections_total'),
      truth: [
        all('chat_client_reconnections_total') + services.all.length,
        all('chat_client_connections_total'),
      ],
    },
  ]
}

function compareTail(accounts: Accounts): Comparison[] {
  const {tail, tailRecords} = accounts.services
  if (tail === undefined) return []
  const rows = roomRows(accounts.history).length
  const records = tailRecords()
  const messages = records.filter(({content}) => content !== undefined)
  const gaps = records.filter(({event}) => event === 'gap_filled')
  return [
    {
      what: 'tail: messages received',
      counted: countOf(accounts, tail, 'chat_client_messages_total', [
        'direction="received"',
        'type="room_message"',
      ]),
      truth: rows,
    },
    {what: 'tail: messages written', counted: messages.length, truth: rows},
    {what: 'tail: different ones', counted: new Set(messages.map(({id}) => id)).size, truth: rows},
    {
      what: 'tail: late, by its records',
      counted: countOf(accounts, tail, 'veza_feed_late_total'),
      truth: messages.filter(({late}) => late === true).length,
    },
    {
      what: 'tail: filled in, by its records',
      counted: countOf(accounts, tail, 'veza_feed_gap_filled_total'),
      truth: gaps.reduce((sum, {count}) => sum + Number(count), 0),
    },
  ]
}

function compareBot(accounts: Accounts): Comparison[] {
  const {bot} = accounts.services
  if (bot === undefined) return []
  return [
    {
      what: 'bot: answers, by the commands that have exactly one',
      counted: countOf(accounts, bot, 'veza_bot_answers_total', ['result="answered"']),
      truth: answersIn(accounts.history).answered,
    },
  ]
}

function compareRelays(accounts: Accounts): Comparison[] {
  const {relays} = accounts.services
  if (relays.length === 0) return []
  const rows = roomRows(accounts.history).length
  const sum = (name: string, labels: readonly string[] = []): number =>
    relays.reduce((all, relay) => all + countOf(accounts, relay, name, labels), 0)
  return [
    {what: 'relays: entries', counted: accounts.entries.length, truth: rows},
    {
      what: 'relays: messages put in',
      counted: sum('veza_relay_messages_total', ['direction="in"']),
      truth: accounts.entries.length,
    },
    {
      what: 'relays: rooms',
      counted: sum('veza_relay_rooms'),
      truth: [...accounts.history.keys()].filter(({kind}) => kind === 'room').length,
    },
  ]
}

function countOf(
  {metrics}: Accounts,
  service: Service,
  name: string,
  labels: readonly string[] = [],
): number {
  return figureOf(metrics.get(service) ?? '', name, labels)
}
