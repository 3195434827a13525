import {formatBytes} from '../formats/bytes.js'
import {separatedLine} from '../formats/cell.js'
import {sanitizeLine} from '../sanitize.js'
import type {Column, View, ViewContext} from './view.js'

/** What `veza rooms export` has made of one room or conversation. */
export interface ExportRecord {
  readonly room_id?: number
  readonly conversation_id?: number
  /** Of the room, or of the other user. */
  readonly name: string
  readonly folder: string
  /** Messages in the export, also those that were deleted since. */
  readonly messages: number
  readonly revisions: number
  readonly deletions: number
  readonly files: number
  /** Files that messages name and the server no longer gives. */
  readonly missing_files: number
  /** By this run. */
  readonly new_messages: number
  readonly new_revisions: number
  readonly new_deletions: number
  readonly new_files: number
  /** Whether the server listed all members; absent for a conversation. */
  readonly members_complete?: boolean
  /** Whether this run went on with one that had not finished. */
  readonly resumed: boolean
  /** The hash by which `veza export verify --root` proves the folder. */
  readonly root: string
}

/** One thing that is wrong with an export. */
export interface VerifyProblem {
  /** Below the folder. */
  readonly file: string
  /** From 1. */
  readonly line?: number | undefined
  readonly problem: string
}

/** What an export is of. */
export interface ExportedSource {
  /** Origin of the server. */
  readonly server: string
  readonly kind: 'room' | 'conversation'
  readonly id: number
  /** Of the room, or of the other user. */
  readonly name: string
}

/** What `veza export verify` has found in one folder. */
export interface VerifyRecord {
  readonly folder: string
  readonly ok: boolean
  /** The hash of the manifest as it is. Absent where it could not be read. */
  readonly root?: string | undefined
  /** Absent where the manifest could not be read. */
  readonly source?: ExportedSource | undefined
  readonly records: number
  readonly messages: number
  readonly files: number
  readonly bytes: number
  /** The first 20. */
  readonly problems: readonly VerifyProblem[]
  readonly more_problems: number
}

const nameOf = ({room_id, name}: ExportRecord): string => (room_id === undefined ? `@${name}` : `#${name}`)

const columns: readonly Column<ExportRecord>[] = [
  {header: 'name', value: nameOf},
  {header: 'folder', value: record => record.folder},
  {header: 'messages', value: record => record.messages},
  {header: 'new', value: record => record.new_messages},
  {header: 'changed', value: record => record.new_revisions},
  {header: 'deleted', value: record => record.new_deletions},
  {header: 'files', value: record => record.files},
  {header: 'root', value: record => record.root},
]

/** What was exported: a sentence for a person, the columns in a pipe. */
export const exportRecordView: View<ExportRecord> = {
  columns,
  line: (record, context) =>
    context.isTTY ? exportLine(record, context) : separatedLine(columns, record, context).trimEnd(),
}

function exportLine(record: ExportRecord, {style}: ViewContext): string {
  const news = [
    [record.new_messages, 'new'],
    [record.new_revisions, 'changed'],
    [record.new_deletions, 'deleted'],
    [record.new_files, 'files fetched'],
  ] as const
  const parts = news.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`)
  const lacks = [
    ...(record.missing_files > 0
      ? [`${counted(record.missing_files, 'file')} that the server does not give`]
      : []),
    ...(record.members_complete === false ? ['not all members'] : []),
  ]
  const has = [counted(record.messages, 'message'), counted(record.files, 'file'), ...lacks].join(', ')
  const facts = `${has} (${parts.join(', ') || 'nothing new'})`
  const name = style.bold(sanitizeLine(nameOf(record)))
  return `${name}: ${facts} in ${sanitizeLine(record.folder)}\n  ${style.dim(`root ${record.root}`)}`
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

const verifyColumns: readonly Column<VerifyRecord>[] = [
  {header: 'folder', value: record => record.folder},
  {header: 'result', value: ({ok}) => (ok ? 'ok' : 'damaged')},
  {header: 'messages', value: record => record.messages},
  {header: 'files', value: record => record.files},
  {header: 'bytes', value: record => record.bytes},
  {header: 'root', value: record => record.root},
]

/** What a verification found: a line for the folder, and one for each problem. */
export const verifyRecordView: View<VerifyRecord> = {
  columns: verifyColumns,
  line: (record, context) => [headLine(record, context), ...problemLines(record, context)].join('\n'),
}

function headLine(record: VerifyRecord, context: ViewContext): string {
  if (!context.isTTY) return separatedLine(verifyColumns, record, context).trimEnd()
  const {style} = context
  const result = record.ok ? style.green('ok') : style.red('damaged')
  const facts = `${counted(record.messages, 'message')}, ${counted(record.files, 'file')}, ${formatBytes(record.bytes)}`
  const root = record.root === undefined ? '' : `\n  ${style.dim(`root ${record.root}`)}`
  return `${style.bold(sanitizeLine(record.folder))}: ${result}, ${facts}${root}`
}

function problemLines({problems, more_problems}: VerifyRecord, {isTTY}: ViewContext): string[] {
  const indent = isTTY ? '  ' : '\t'
  const lines = problems.map(({file, line, problem}) => {
    const place = line === undefined ? file : `${file}:${line}`
    return `${indent}${sanitizeLine(place)}: ${sanitizeLine(problem)}`
  })
  return more_problems === 0 ? lines : [...lines, `${indent}and ${more_problems} more`]
}
