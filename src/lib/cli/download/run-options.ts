import type {FilesApi} from '../../api/files.js'
import type {Printer} from '../../output/printer.js'
import type {Place} from './place.js'

/** What all downloads of one command share. */
export interface DownloadRun {
  readonly api: Pick<FilesApi, 'download'>
  readonly out: Printer
  readonly signal: AbortSignal
  readonly retries: number
  /** Where the files come from: parts of another server's are not taken for them. */
  readonly server: string
  readonly stateDir: string
  readonly place: Place
  /** What the one file must hash to, in hex. */
  readonly sha256: string | undefined
}
