import type {Receipt} from '../../delivery/types.js'
import {VezaError} from '../../errors/veza-error.js'
import type {UploadFile} from '../../http/types.js'
import type {InputStream} from '../../output/io.js'
import type {Template} from '../../output/template.js'
import type {CiRun} from '../ci/ci-run.js'
import {currentCiRun, onceKey, runKey} from '../ci/once-key.js'
import type {RunStatus} from '../ci/status.js'
import type {Context} from '../context.js'
import {readBody} from '../message-body.js'
import {sendOnce} from '../send/send-once.js'
import {uploadAll} from '../upload-run.js'
import {openUploads} from '../upload-source.js'
import {fillIn} from './template.js'
import {type Attachment, type Field, templateValues} from './values.js'

/** What `veza notify` is asked for. */
export interface NotifyWishes {
  /** The message: argument, `--message` or `--file`; stdin only by name, as in CI it may be open and say nothing. */
  readonly text: string | undefined
  readonly message: string | undefined
  readonly file: string | undefined
  readonly status: RunStatus | undefined
  readonly title: string | undefined
  readonly fields: readonly Field[]
  readonly attach: readonly string[]
  readonly threadKey: string | undefined
  readonly upsert: boolean
  readonly once: boolean
}

/** A message that is ready but for the addresses of its files. */
export interface Draft {
  readonly run: CiRun | undefined
  readonly files: readonly UploadFile[]
  /** Its text. @throws {VezaError} `usage` where it is empty. */
  text(attachments: readonly Attachment[]): string
  /** Its text but for what is another each time a job is tried again, though it says the same. */
  lastingText(): string
}

/** @throws {VezaError} `usage` for flags that contradict each other. */
export function checkWishes({threadKey, upsert, once}: NotifyWishes): void {
  const flags = [upsert && '--upsert', once && '--once', threadKey !== undefined && '--thread-key']
  const [first, second] = flags.filter(flag => flag !== false)
  if (upsert && second !== undefined)
    throw new VezaError('usage', `${first} and ${second} exclude each other`)
}

/**
 * Reads all that the message needs, before anything is sent.
 * @throws {VezaError} what reading the message or a file throws.
 */
export async function prepare(
  wishes: NotifyWishes,
  template: Template,
  {context, stdin}: {readonly context: Context; readonly stdin: InputStream},
): Promise<Draft> {
  const {text, file, status, title, fields} = wishes
  const {settings, signal} = context
  const hasBody = [text, wishes.message, file].some(source => source !== undefined)
  const message = hasBody ? await readBody({text, message: wishes.message, file, stdin, signal}) : undefined
  const rules = {name: undefined, maxBytes: settings.maxUploadBytes, allowEmpty: true, stdin}
  const files = await openUploads(wishes.attach, rules)
  const run = await currentCiRun()
  const parts = {run, status: status ?? run?.status, title, message, fields}
  const named = files.map(({name}) => ({name, url: ''}))
  return {
    run,
    files,
    text: attachments => fillIn(template, templateValues({...parts, attachments})),
    lastingText: () => fillIn(template, templateValues({...parts, run: lasting(run), attachments: named})),
  }
}

/** A second attempt has an address of its own with some services, and may be started by another person. */
function lasting(run: CiRun | undefined): CiRun | undefined {
  return run && {...run, url: run.url && 'url', actor: run.actor && 'actor'}
}

/** The text as it would be sent; the addresses of files are known after their upload only. */
export function previewOf(draft: Draft): string {
  return draft.text(draft.files.map(({name}) => ({name, url: '(uploaded when it is sent)'})))
}

/** Uploads the files of a draft and sends its message. @throws {VezaError} as `sendOnce`, and what an upload throws. */
export async function sendDraft(
  draft: Draft,
  wishes: NotifyWishes,
  {context, roomId}: {readonly context: Context; readonly roomId: number},
): Promise<Receipt> {
  const keys = await keysOf(draft, wishes)
  const attachments = await upload(draft.files, context, roomId)
  const message = {place: {kind: 'room', id: roomId} as const, content: draft.text(attachments)}
  const {threadKey} = wishes
  if (threadKey === undefined) return sendOnce(context, {...message, ...keys})
  const {sendInThread} = await import('./thread.js')
  return sendInThread(context, {...message, threadKey, onceKey: keys.key})
}

/** The files as they are named here: a server may give them other names. */
async function upload(files: readonly UploadFile[], context: Context, roomId: number): Promise<Attachment[]> {
  const {api, out} = context
  const urls: string[] = []
  const run = {roomId, description: undefined, api: api.files, out}
  for await (const {url} of uploadAll(files, run)) urls.push(url ?? '')
  return files.map(({name}, index) => ({name, url: urls[index] ?? ''}))
}

async function keysOf(draft: Draft, {once, upsert}: NotifyWishes) {
  return {
    key: once ? await onceKey(draft.lastingText()) : undefined,
    upsertKey: upsert ? runKey(draft.run, '--upsert', 'veza messages send --upsert') : undefined,
  }
}
