import type {Message} from '../../contract/resources.js'
import {messagePayload} from './chain.js'
import {isSameMessage} from './known.js'
import {pagesBack} from './pages-back.js'
import {Spool} from './spool.js'
import type {SpoolState} from './types.js'
import type {Work} from './work.js'

/**
 * Appends what is newer than the last message exported. First finishes the walk of an unfinished run: what came since is newer
 * than all that this one has seen.
 */
export async function readNewMessages(work: Work): Promise<void> {
  if (work.spool !== undefined) await walk(work, work.spool)
  await walk(work, undefined)
}

async function walk(work: Work, from: SpoolState | undefined): Promise<void> {
  const spool = new Spool(work.folder.path, from?.bytes ?? 0)
  try {
    const read = from?.complete === true ? from : await fill(work, spool, from)
    if (read === undefined) return
    await empty(work, spool, read)
    await work.checkpoint(undefined)
    await spool.remove()
  } finally {
    await spool.close()
  }
}

/** Goes back from the newest message to the last one exported, into the spool. Undefined where nothing is new. */
async function fill(work: Work, spool: Spool, from: SpoolState | undefined): Promise<SpoolState | undefined> {
  const {known, effects, source} = work
  let ids: SpoolIds | undefined = from
  let count = 0
  const way = {beforeId: from?.oldest_id, aboveId: known.lastMessageId}
  for await (const {messages, total} of pagesBack(id => source.page(id), way)) {
    effects.signal.throwIfAborted()
    ids = idsWith(ids, messages)
    if (ids === undefined) return undefined
    await work.begin()
    for (const message of messages) await spool.push(JSON.stringify(message))
    count += messages.length
    effects.onProgress('reading', count, total === undefined ? undefined : total - known.counts.messages)
    if (work.isCheckpointDue) await note(work, spool, ids, false)
  }
  return ids && note(work, spool, ids, true)
}

type SpoolIds = Pick<SpoolState, 'oldest_id' | 'newest_id'>

function idsWith(ids: SpoolIds | undefined, messages: readonly Message[]): SpoolIds | undefined {
  const [newest, oldest] = [messages[0], messages.at(-1)]
  if (newest === undefined || oldest === undefined) return ids
  return {oldest_id: oldest.id, newest_id: ids?.newest_id ?? newest.id}
}

async function note(work: Work, spool: Spool, ids: SpoolIds, complete: boolean): Promise<SpoolState> {
  const {oldest_id, newest_id} = ids
  const state = {bytes: await spool.sync(), oldest_id, newest_id, complete}
  await work.checkpoint(state)
  return state
}

/** Turns the spool round: its last line is the oldest message. */
async function empty(work: Work, spool: Spool, state: SpoolState): Promise<void> {
  const {known, effects} = work
  await work.begin()
  let count = 0
  for await (const lines of spool.backwards()) {
    effects.signal.throwIfAborted()
    for (const {text} of lines) {
      // A promise for each line would cost more than the line.
      const written = work.appendPayload(messagePayload(text))
      if (written !== undefined) await written
      known.noteSpooled(text)
    }
    count += lines.length
    effects.onProgress('writing', count)
    const bytes = lines.at(-1)?.start
    if (bytes !== undefined && work.isCheckpointDue) {
      await work.checkpoint({...state, bytes})
    }
  }
  known.lastMessageId = Math.max(known.lastMessageId, state.newest_id)
}

/**
 * Reads messages again that were exported before this run, and appends what has become of them. What the server has not shown
 * is not judged.
 */
export async function lookAgain(work: Work, exported: ReadonlyMap<number, Message>): Promise<void> {
  if (exported.size === 0) return
  const {source, effects} = work
  const ids = [...exported.keys()]
  const gone = new Set(ids)
  const [lowest, highest] = [min(ids), max(ids)]
  let seenDownTo = highest + 1
  for await (const step of pagesBack(id => source.page(id), {beforeId: highest + 1, aboveId: lowest - 1})) {
    effects.signal.throwIfAborted()
    for (const message of step.messages) {
      gone.delete(message.id)
      await judge(work, message, exported.get(message.id))
    }
    seenDownTo = step.seenDownTo
    effects.onProgress('looking again', exported.size - gone.size, exported.size)
  }
  for (const id of [...gone].filter(id => id >= seenDownTo).sort((a, b) => a - b)) {
    await work.append({kind: 'deleted', deleted: {id, noticed_at: new Date(effects.now()).toISOString()}})
  }
}

/** One that was not exported and is older than others that were became visible late. */
async function judge(work: Work, message: Message, before: Message | undefined): Promise<void> {
  if (before === undefined) await work.append({kind: 'message', message})
  else if (!isSameMessage(before, message)) await work.append({kind: 'revision', message})
}

function min(ids: readonly number[]): number {
  return ids.reduce((a, b) => Math.min(a, b), Number.MAX_SAFE_INTEGER)
}

function max(ids: readonly number[]): number {
  return ids.reduce((a, b) => Math.max(a, b), 0)
}
