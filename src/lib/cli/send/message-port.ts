import type {MessagePort} from '../../delivery/types.js'
import type {Context} from '../context.js'

/**
 * The calls of the session in use, as sending needs them.
 * @param beforeTry awaited before each try to send.
 */
export function messagePort(context: Pick<Context, 'api'>, beforeTry?: () => Promise<void>): MessagePort {
  return {
    send: ({place, content, parentId, metadata, clientId}) => {
      const message = {content, parentId, metadata: {...metadata, client_id: clientId}, beforeTry}
      return place.kind === 'room'
        ? context.api.messages.send(place.id, message)
        : context.api.dms.send(place.id, message)
    },
    edit: (id, content) => context.api.messages.edit(id, {content}),
    page: (place, query) =>
      place.kind === 'room'
        ? context.api.messages.list(place.id, query)
        : context.api.dms.messages(place.id, query),
    me: async () => (await context.api.users.me()).id,
  }
}
