import type {UploadedFile} from '../../contract/resources.js'
import type {HttpClient, UploadFile} from '../http/types.js'
import {decodeUploadedFile} from './decode.js'

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
}

/** Makes the calls for files. */
export function createFilesApi(http: HttpClient): FilesApi {
  return {
    upload: async ({roomId, file, description}) => {
      const fields = {room_id: String(roomId), ...(description === undefined ? {} : {description})}
      const {data} = await http.request({method: 'POST', path: '/files/upload', multipart: {fields, file}})
      return decodeUploadedFile(data)
    },
  }
}
