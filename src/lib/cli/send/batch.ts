import {createApi} from '../../api/index.js'
import {Journal} from '../../delivery/batch/journal.js'
import {readLines} from '../../delivery/batch/lines.js'
import {RecordReader} from '../../delivery/batch/records.js'
import {type BatchEnd, sendBatch} from '../../delivery/batch/send-batch.js'
import type {BadRecord, BatchRecord, BatchResult} from '../../delivery/batch/types.js'
import type {DeliverOptions} from '../../delivery/deliver.js'
import {VezaError} from '../../errors/veza-error.js'
import {throwIfAborted} from '../../http/abort.js'
import type {RateBudget} from '../../http/types.js'
import type {InputStream} from '../../output/io.js'
import type {Context} from '../context.js'
import {batchPipeline} from './batch-connection.js'
import type {BatchWishes} from './batch-flags.js'
import {type BatchFacts, batchError, resultRecord, resultView, summary} from './batch-report.js'
import {type BatchSource, openBatchSource} from './batch-source.js'
import {deliverOptions} from './send-once.js'
import {sendUnderKey} from './send-under-key.js'

/** A batch as the command line asks for it. */
export interface BatchRequest extends BatchWishes {
  /** The arguments: the room, and no message. */
  readonly words: {readonly room?: string; readonly message?: string}
  readonly flags: {
    readonly room?: string | undefined
    readonly file?: string | undefined
    readonly 'reply-to'?: number | undefined
  }
  readonly stdin: InputStream
}

/**
 * Sends the lines of a file or of stdin (see `sendBatch`), shows a record each where text is not wanted, and says on stderr what was
 * done.
 * @throws {VezaError} the first failure, once what could be sent is sent.
 */
export async function runBatch(context: Context, request: BatchRequest): Promise<undefined> {
  context.out.check(resultView)
  const roomId = await roomOf(context, request)
  const source = await openBatchSource(request.flags.file, request.stdin)
  const close = (): void => source.close()
  context.signal.addEventListener('abort', close, {once: true})
  try {
    const journal = await openJournal(context, request, roomId)
    try {
      await sendAll(context, request, {roomId, source, journal})
    } finally {
      journal?.close()
    }
  } finally {
    context.signal.removeEventListener('abort', close)
    close()
  }
}

async function roomOf(context: Context, {words, flags, kind}: BatchRequest): Promise<number> {
  if (words.message !== undefined || (flags.room !== undefined && words.room !== undefined))
    throw new VezaError('usage', `a message as argument does not go with --${kind}`, {
      hint: 'the messages come from --file or stdin',
    })
  return context.chosenRoom(words.room, flags.room)
}

interface Opened {
  readonly roomId: number
  readonly source: BatchSource
  readonly journal: Journal | undefined
}

async function sendAll(
  context: Context,
  {kind, splitAt, keepsGoing, flags}: BatchRequest,
  {roomId, source, journal}: Opened,
): Promise<void> {
  const {signal, out} = context
  const startedMs = performance.now()
  const records = new RecordReader({kind, splitAt, parentId: flags['reply-to']})
  const {delivery, isUnlimited} = deliveryOf(context)
  const progress = await out.progress('sending', source.totalBytes)
  const end = await sendBatch({
    place: {kind: 'room', id: roomId},
    journal,
    keepsGoing,
    signal,
    input: recordsOf(source, records),
    show: results => {
      progress.update(source.readBytes())
      return show(context, results)
    },
    delivery,
    sendKeyed: outgoing => sendUnderKey(context, outgoing, delivery),
    read: query => context.api.messages.list(roomId, query),
    pipeline: batchPipeline(context),
    isUnlimited,
  }).finally(() => progress.stop())
  const seconds = (performance.now() - startedMs) / 1000
  tell(context, end, {seconds, emptyLines: records.emptyLines, hasJournal: journal !== undefined})
}

async function* recordsOf(
  source: BatchSource,
  records: RecordReader,
): AsyncGenerator<readonly (BatchRecord | BadRecord)[]> {
  for await (const lines of readLines(source.bytes, source.name)) yield records.read(lines)
}

async function openJournal(
  context: Context,
  {journal, kind, splitAt}: BatchRequest,
  roomId: number,
): Promise<Journal | undefined> {
  if (journal === undefined) return undefined
  return Journal.open(journal, {
    server: context.settings.server,
    roomId,
    input: splitAt === undefined ? `--${kind}` : `--${kind} --split ${splitAt}`,
    newestId: async () => (await context.api.messages.list(roomId, {limit: 1})).items[0]?.id ?? 0,
  })
}

/** Sending over REST, which at the same time learns whether the server says how many messages it takes. */
function deliveryOf(context: Context): {
  readonly delivery: DeliverOptions
  readonly isUnlimited: () => boolean
} {
  const {tokens, signal, settings} = context
  let serverLimit: number | undefined
  const budget: RateBudget = {
    take: (...wait) => context.budget.take(...wait),
    note: async words => {
      serverLimit = words.limit ?? serverLimit
      await context.budget.note(words)
    },
  }
  const {messages} = createApi(context.network.client({tokens, budget, signal}))
  const options = deliverOptions(context)
  const send: DeliverOptions['port']['send'] = ({place, content, parentId, metadata, clientId}) =>
    messages.send(place.id, {
      content,
      ...(parentId === undefined ? {} : {parentId}),
      metadata: {...metadata, client_id: clientId},
    })
  return {
    delivery: {...options, port: {...options.port, send}},
    isUnlimited: () => settings.rateLimit === 0 && serverLimit === 0,
  }
}

function show({out}: Context, results: readonly BatchResult[]): Promise<void> | undefined {
  if (out.isHuman) return undefined
  let written: Promise<void> | undefined
  for (const result of results) written = out.record(resultRecord(result), resultView) ?? written
  return written
}

function tell({out, signal}: Context, end: BatchEnd, facts: BatchFacts): void {
  const {created, duplicates, failed} = end
  if (signal.aborted) {
    if (out.speaks && signal.reason instanceof VezaError) out.notice(summary(end, facts))
    throwIfAborted(signal)
  }
  const error = batchError(end, facts)
  if (error !== undefined) throw error
  if (out.speaks)
    out.notice(created + duplicates + failed === 0 ? 'there was nothing to send' : summary(end, facts))
}
