import type {HttpClient} from '../http/types.js'
import {type AdminApi, createAdminApi} from './admin.js'
import {type AuthApi, createAuthApi} from './auth.js'
import {createDmsApi, type DmsApi} from './dms.js'
import {createFilesApi, type FilesApi} from './files.js'
import {createMessagesApi, type MessagesApi} from './messages.js'
import {createRawApi, type RawApi} from './raw.js'
import {createRoomsApi, type RoomsApi} from './rooms.js'
import {createUsersApi, type UsersApi} from './users.js'
import {createWebhooksApi, type WebhooksApi} from './webhooks.js'

/** What the server offers over REST (section 4 of the contract), by resource. */
export interface Api {
  readonly auth: AuthApi
  readonly rooms: RoomsApi
  readonly messages: MessagesApi
  readonly dms: DmsApi
  readonly files: FilesApi
  readonly users: UsersApi
  readonly raw: RawApi
  readonly webhooks: WebhooksApi
  readonly admin: AdminApi
}

/** Makes the API over a client. Each call throws VezaError, `not_protocol` where an answer is not the contract's. */
export function createApi(http: HttpClient): Api {
  return {
    auth: createAuthApi(http),
    rooms: createRoomsApi(http),
    messages: createMessagesApi(http),
    dms: createDmsApi(http),
    files: createFilesApi(http),
    users: createUsersApi(http),
    raw: createRawApi(http),
    webhooks: createWebhooksApi(http),
    admin: createAdminApi(http),
  }
}
