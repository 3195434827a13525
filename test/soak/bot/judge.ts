import type {Channel} from '../../../src/lib/realtime/channel.js'
import type {Rest} from '../tail/rest.js'

/** One message of the server. */
export interface Row {
  readonly id: number
  readonly content: string
  readonly authorId: number
  readonly parentId: number | undefined
}

const PAGE_ROWS = 100

/** Where the messages of a channel are. */
export function pathOf({kind, id}: Channel): string {
  return `/${kind === 'room' ? 'rooms' : 'conversations'}/${id}/messages`
}

/** Everything that the server has of a channel, oldest first. */
export async function rowsIn(rest: Rest, token: string, channel: Channel): Promise<Row[]> {
  const rows: Row[] = []
  for (let query = ''; ; query = `&before_id=${rows.at(-1)?.id}`) {
    const page = rowsOf(await rest.call('GET', `${pathOf(channel)}?limit=${PAGE_ROWS}${query}`, token))
    rows.push(...page)
    if (page.length < PAGE_ROWS) return rows.reverse()
  }
}

function rowsOf(data: unknown): Row[] {
  const rows = Array.isArray(data) ? data : (data as {messages: unknown[]}).messages
  return (rows as Record<string, unknown>[]).map(row => ({
    id: Number(row.id),
    content: String(row.content),
    authorId: Number(row.author_id),
    parentId: Number(row.parent_id ?? row.parent_message_id) || undefined,
  }))
}

/** What is wrong with a bot's answers in one channel: each command has exactly one, which is its own. */
export function faultsOf(
  rows: readonly Row[],
  botId: number,
  isCommand: (row: Row) => boolean,
): {readonly answered: number; readonly faults: readonly string[]} {
  const commands = rows.filter(row => row.authorId !== botId && isCommand(row))
  const answers = new Map<number | undefined, Row[]>()
  for (const row of rows.filter(({authorId}) => authorId === botId))
    answers.set(row.parentId, [...(answers.get(row.parentId) ?? []), row])
  const faults: string[] = []
  for (const command of commands) {
    const own = answers.get(command.id) ?? []
    answers.delete(command.id)
    if (own.length !== 1) faults.push(`message ${command.id} '${command.content}' has ${own.length} answers`)
    const [, number] = /(\d+)$/.exec(command.content) ?? []
    if (own[0] !== undefined && number !== undefined && !own[0].content.includes(number))
      faults.push(`message ${command.id} '${command.content}' is answered with '${own[0].content}'`)
  }
  for (const [parentId, strays] of answers)
    faults.push(`${strays.length} answers to ${parentId}, which is no command`)
  return {answered: commands.length - faults.length, faults}
}
