import {VezaError} from '../../errors/veza-error.js'
import {printable} from '../../http/printable.js'
import {parseUserReference, type Reference} from '../args.js'
import {counted} from '../ending.js'
import {type MemberRow, type Problem, parseRole} from './rows.js'

/** What a file says: its good rows, and why the others are none. */
export interface MemberList {
  readonly rows: readonly MemberRow[]
  readonly problems: readonly Problem[]
}

interface CsvRecord {
  readonly line: number
  readonly cells: readonly string[]
}

/** A record as csv-parse gives it with `info`. */
interface InfoRecord {
  readonly record: readonly string[]
  readonly info: {readonly lines: number}
}

/** Where the columns are. */
interface Layout {
  readonly width: number
  readonly user: number
  /** `username`: digits are a name, too; `user_id` and `id`: they are all there may be. */
  readonly kind: string
  /** -1 where there is none. */
  readonly role: number
}

/** What the column of the user may be called: by `--columns` of `rooms members list`, too. */
const USER_COLUMNS = ['user', 'username', 'user_id', 'id']
const PLAIN: Layout = {width: 1, user: 0, kind: 'user', role: -1}
const WANTED = {hint: 'a CSV file begins with the line: user,role; a plain list has one name a line'}

/**
 * Reads CSV with the columns `user` and, if wanted, `role` in a first line that names them, or a plain list of one name a
 * line. A comma, a semicolon or a tab separates; empty lines are left out.
 * @param name what the text comes from, for the errors.
 * @throws {VezaError} `usage` where it is no such list.
 */
export async function parseMembers(text: string, name: string): Promise<MemberList> {
  const [first, ...rest] = await csvRecords(text, name)
  if (first === undefined) throw new VezaError('usage', `${name} is empty`, WANTED)
  const header = layoutOf(first)
  const layout = header ?? PLAIN
  const rows: MemberRow[] = []
  const problems: Problem[] = []
  for (const record of header === undefined ? [first, ...rest] : rest) {
    try {
      rows.push(rowOf(record, layout))
    } catch (error) {
      if (!(error instanceof VezaError)) throw error
      problems.push({line: record.line, error})
    }
  }
  return {rows, problems}
}

async function csvRecords(text: string, name: string): Promise<readonly CsvRecord[]> {
  const {parse, CsvError} = await import('csv-parse/sync')
  try {
    const records: unknown = parse(text.replace(/\r\n?/g, '\n'), {
      delimiter: [',', ';', '\t'],
      record_delimiter: '\n',
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    })
    return (records as readonly InfoRecord[]).map(({record, info}) => ({line: info.lines, cells: record}))
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause
    const line = typeof cause.lines === 'number' ? `line ${cause.lines} of ` : ''
    throw new VezaError(
      'usage',
      `${line}${name} has a quote in the wrong place, or one that is never closed`,
      {
        hint: 'nothing was changed',
      },
    )
  }
}

/** Undefined where the line is no header but the first name of a plain list. */
function layoutOf({line, cells}: CsvRecord): Layout | undefined {
  const names = cells.map(cell => cell.toLowerCase())
  const isUser = (cell: string): boolean => USER_COLUMNS.includes(cell)
  const user = names.findIndex(isUser)
  if (user === -1 && names.length === 1) return undefined
  const rest = names.filter((_, index) => index !== user)
  if (user === -1 || rest.length > 1 || (rest.length === 1 && rest[0] !== 'role'))
    throw new VezaError('usage', `line ${line}: the columns should be user and role, or user alone`, WANTED)
  return {width: names.length, user, kind: names[user] ?? 'user', role: names.indexOf('role')}
}

function rowOf({line, cells}: CsvRecord, layout: Layout): MemberRow {
  if (cells.length !== layout.width)
    throw new VezaError('usage', `has ${counted(cells.length, 'column')}, should have ${layout.width}`)
  const user = referenceOf(cells[layout.user] ?? '', layout.kind)
  const word = cells[layout.role] ?? ''
  const role = parseRole(word)
  if (word !== '' && role === undefined)
    throw new VezaError('usage', `"${printable(word, 40)}" is no role: owner, moderator, member`)
  return {line, user, role}
}

function referenceOf(cell: string, kind: string): Reference {
  const reference = parseUserReference(cell, 'the user')
  if (kind === 'username') return {name: cell}
  if ('id' in reference || kind === 'user') return reference
  throw new VezaError('usage', `"${printable(cell, 40)}" is no id`)
}
