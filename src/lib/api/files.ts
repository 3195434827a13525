import type {UploadedFile} from '../../contract/resources.js'
import type {HttpClient, UploadFile} from '../http/types.js'
import {decodeUploadedFile} from './decode.js'
import {type FileDownload, fileDownload} from './file-download.js'

/** A file for a room. */
export interface FileUpload {
  readonly roomId: number
  readonly file: UploadFile
  readonly description?: string
}

/** Section 4 of the contract, files. */
export interface FilesApi {
  /** Streams a file. Throws `file_unreadable`, and `file_too_large` where the server says so. */
  upload(upload: FileUpload): Promise<UploadedFile>
  /** The bytes of a file from `fromByte` on, as a stream. Throws `not_found`, and `not_protocol` for an answer that is no file. */
  download(fileId: number, options?: DownloadOptions): Promise<FileDownload>
  /** Removes a file; who uploaded it may, and who manages its room. */
  delete(fileId: number): Promise<void>
}

/** Which part of a file is wanted. */
export interface DownloadOptions {
  /** First byte wanted. Default: 0. A server may send the whole all the same: see `fromByte` of the answer. */
  readonly fromByte?: number | undefined
  /** Only where the file is still the one with this validator; else the whole comes. */
  readonly ifRange?: string | undefined
  /** Ends the download at any time. Must be aborted by who leaves before the end of the body. */
  readonly signal?: AbortSignal | undefined
}

/** Makes the calls for files. */
export function createFilesApi(http: HttpClient): FilesApi {
  return {
    upload: async ({roomId, file, description}) => {
      const fields = {room_id: String(roomId), ...(description === undefined ? {} : {description})}
      const {data} = await http.request({method: 'POST', path: '/files/upload', multipart: {fields, file}})
      return decodeUploadedFile(data)
    },
    download: async (fileId, options = {}) =>
      fileDownload(await http.download({path: `/files/${fileId}/download`, ...options})),
    delete: async fileId => {
      await http.request({method: 'DELETE', path: `/files/${fileId}`})
    },
  }
}
