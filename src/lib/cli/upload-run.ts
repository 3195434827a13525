import type {UploadedFile} from '../../contract/resources.js'
import type {FilesApi} from '../api/files.js'
import type {UploadFile} from '../http/types.js'
import type {Printer} from '../output/printer.js'

/** Where files go to. */
export interface UploadRun {
  readonly roomId: number
  readonly description: string | undefined
  readonly api: FilesApi
  readonly out: Printer
}

/** Uploads files one after the other, each with a progress bar, and yields each as soon as the server has it. */
export async function* uploadAll(files: readonly UploadFile[], run: UploadRun): AsyncIterable<UploadedFile> {
  const {roomId, description, api, out} = run
  for (const file of files) {
    const progress = await out.progress(file.name, file.size)
    try {
      yield await api.upload({
        roomId,
        description,
        file: {...file, onProgress: sent => progress.update(sent)},
      })
    } finally {
      progress.stop()
    }
  }
}
