import type {UploadedFile} from '../../../contract/resources.js'
import {type Api, createApi} from '../../api/index.js'
import {randomClientId} from '../../delivery/client-id.js'
import {deliver} from '../../delivery/deliver.js'
import {findSent} from '../../delivery/find-sent.js'
import type {MessagePort, Outgoing} from '../../delivery/types.js'
import {VezaError} from '../../errors/veza-error.js'
import type {UploadFile} from '../../http/types.js'
import type {Reference} from '../args.js'
import type {Context} from '../context.js'
import {deliverOptions} from '../send/send-once.js'
import type {MessageCalls} from './kept-message.js'

/** What may have come after our message while it was not known whether it had arrived: 1,000 messages. */
const LOOK_BACK_PAGES = 10
/** Clocks differ by as much. */
const CLOCK_MARGIN_MS = 120_000

/** What is done in a room while a command runs. */
export interface RoomCalls extends MessageCalls {
  upload(file: UploadFile): Promise<UploadedFile>
}

/**
 * The calls for a room, whose id is asked for with the first of them. A signal that ends the command does not end them:
 * its end is what they are to tell.
 */
export function roomCalls(context: Context, room: Reference): RoomCalls {
  const {tokens, budget, network} = context
  const clientId = randomClientId()
  const sinceMs = Date.now() + network.skewMs - CLOCK_MARGIN_MS
  let made: Api | undefined
  let inDoubt = false
  // Made with the first call, not before: the command starts without waiting for any of it.
  const api = (): Api => (made ??= createApi(network.client({tokens, budget})))
  const roomId = async (): Promise<number> =>
    'id' in room ? room.id : (await api().rooms.find(room.name)).id
  return {
    async create(content) {
      const place = {kind: 'room', id: await roomId()} as const
      const outgoing = {place, content, clientId}
      const port = portOf(api())
      const look = {sinceMs, maxPages: LOOK_BACK_PAGES}
      const earlier = inDoubt ? await findSent(port, outgoing, look) : undefined
      inDoubt = true
      return earlier === undefined
        ? createOnce(outgoing, context, port)
        : (await port.edit(earlier.id, content)).id
    },
    edit: async (id, content) => void (await api().messages.edit(id, {content})),
    upload: async file => api().files.upload({roomId: await roomId(), description: undefined, file}),
  }
}

async function createOnce(outgoing: Outgoing, context: Context, port: MessagePort): Promise<number> {
  const {message, error} = await deliver(outgoing, {...deliverOptions(context), port})
  if (message !== undefined) return message.id
  throw error instanceof VezaError ? error : new VezaError('unreachable', 'no answer', {cause: error})
}

function portOf(api: Api): MessagePort {
  return {
    send: ({place, content, metadata, clientId}) =>
      api.messages.send(place.id, {content, metadata: {...metadata, client_id: clientId}}),
    edit: (id, content) => api.messages.edit(id, {content}),
    page: (place, query) => api.messages.list(place.id, query),
    me: async () => (await api.users.me()).id,
  }
}
