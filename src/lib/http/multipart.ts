import type {PassThrough, Readable, Transform} from 'node:stream'
import {VezaError} from '../errors/veza-error.js'
import {printable} from './printable.js'
import type {MultipartBody, UploadFile} from './types.js'

/** A multipart body that is being sent. */
export interface Upload {
  readonly headers: Readonly<Record<string, string>>
  readonly stream: Readable
  /** Why the file could not be read, once that has happened: an error of the connection is then only a consequence. */
  readonly failure: VezaError | undefined
  /** Whether all there was is sent and more is awaited from the file: a slow command in a pipe is no dead connection. */
  readonly waitsForSource: boolean
  /** Closes the file and the body. Always to be called. */
  close(): void
}

/** What is told of an upload while it runs. */
export interface UploadEvents {
  /** A chunk moved. */
  onBytes(): void
  /** The file could not be read: `failure` is set, and the body will not end. */
  onFailure(): void
}

/**
 * Opens the file and lays the body around it, streamed: memory stays flat whatever the size. With a known size the
 * length is declared, and a file that turns out longer or shorter is an error; else the body is chunked. Throws `file_unreadable` where the file cannot be opened.
 */
export async function openUpload(body: MultipartBody, events: UploadEvents): Promise<Upload> {
  const [{default: FormData}, {PassThrough, Transform, pipeline}] = await Promise.all([
    import('form-data'),
    import('node:stream'),
  ])
  let failure: VezaError | undefined
  const source = openFile(body.file)
  const counted = new Transform(counting(body.file, events.onBytes))
  pipeline(source, counted, error => {
    if (!error) return
    failure ??= unreadable(body.file, error)
    events.onFailure()
  })
  const form = new FormData()
  for (const [name, value] of Object.entries(body.fields)) form.append(name, value)
  form.append('file', counted, fileOptions(body.file))
  const stream: PassThrough = new PassThrough()
  // Whoever waits for the body learns of it by `failure`; a stream without a listener would end the process.
  stream.on('error', () => {})
  form.on('error', error => stream.destroy(error))
  // form-data counts an empty file as one of unknown length.
  const length: Record<string, string> = form.hasKnownLength()
    ? {'content-length': String(form.getLengthSync())}
    : {}
  form.pipe(stream)
  return {
    headers: {...form.getHeaders(), ...length},
    stream,
    get failure() {
      return failure
    },
    get waitsForSource() {
      return !source.readableEnded && counted.readableLength === 0 && stream.readableLength === 0
    },
    close: () => {
      source.destroy()
      stream.destroy()
    },
  }
}

function fileOptions({name, contentType = 'application/octet-stream', size}: UploadFile) {
  return {filename: name, contentType, ...(size === undefined ? {} : {knownLength: size})}
}

function openFile(file: UploadFile): Readable {
  try {
    return file.open()
  } catch (error) {
    throw unreadable(file, error)
  }
}

/** Passes the file through, tells how far it is, and holds it to its declared size: a body of another length hangs or garbles. */
function counting(file: UploadFile, onBytes: () => void): ConstructorParameters<typeof Transform>[0] {
  let sentBytes = 0
  const changed = (): Error => new Error('it changed while it was being read')
  return {
    transform(chunk: Buffer, _encoding, done) {
      sentBytes += chunk.length
      if (file.size !== undefined && sentBytes > file.size) return done(changed())
      onBytes()
      file.onProgress?.(sentBytes)
      done(null, chunk)
    },
    flush: done => done(file.size !== undefined && sentBytes < file.size ? changed() : null),
  }
}

function unreadable(file: UploadFile, cause: unknown): VezaError {
  if (cause instanceof VezaError) return cause
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new VezaError('file_unreadable', `cannot read ${printable(file.name)}: ${printable(reason)}`, {
    cause,
  })
}
