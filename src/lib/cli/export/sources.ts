import type {Conversation, Room} from '../../../contract/resources.js'
import {VezaError} from '../../errors/veza-error.js'
import type {DownloadPart, ExportSource} from '../../export/types.js'
import {parseRoomReference, parseUserReference} from '../args.js'
import type {Context} from '../context.js'

/** As many as the contract gives at once. */
const PAGE_SIZE = 100

/** What is to be exported. */
export interface Wanted {
  readonly rooms: readonly string[]
  readonly users: readonly string[]
  readonly all: boolean
}

/**
 * The rooms and conversations that are meant, each once, found before the first is exported.
 * @throws {VezaError} `usage` where none is, or rooms and `--all` are; `not_found` for a name that nobody has.
 */
export async function findSources(
  context: Context,
  {rooms, users, all}: Wanted,
): Promise<readonly ExportSource[]> {
  if (all && rooms.length > 0) throw new VezaError('usage', 'give rooms or --all, not both')
  const isNone = rooms.length === 0 && users.length === 0 && !all
  // The room of the settings, or the error that none is given.
  const references = isNone
    ? [context.roomReference(undefined, undefined)]
    : rooms.map(text => parseRoomReference(text, 'ROOM'))
  const people = users.map(text => parseUserReference(text, '--dm'))
  const sources = new Map<string, ExportSource>()
  const add = (source: ExportSource): void => {
    sources.set(`${source.place.kind} ${source.place.id}`, source)
  }
  if (all) for await (const room of context.api.rooms.all({filter: 'joined'})) add(roomSource(context, room))
  for (const reference of references) {
    add(roomSource(context, await context.api.rooms.get(await context.roomId(reference))))
  }
  for (const person of people) {
    add(conversationSource(context, await context.api.dms.open(await context.userId(person))))
  }
  return [...sources.values()]
}

function roomSource(context: Context, room: Room): ExportSource {
  const {api} = context
  return {
    ...common(context),
    place: {kind: 'room', id: room.id, name: room.name},
    about: room,
    members: () => api.rooms.members(room.id, {limit: PAGE_SIZE}),
    page: beforeId => api.messages.list(room.id, pageQuery(beforeId)),
  }
}

function conversationSource(context: Context, conversation: Conversation): ExportSource {
  const {api} = context
  const {conversation_id: id, other_user} = conversation
  return {
    ...common(context),
    place: {kind: 'conversation', id, name: other_user?.username ?? String(id)},
    about: conversation,
    page: beforeId => api.dms.messages(id, pageQuery(beforeId)),
  }
}

function common({api, settings}: Context): Pick<ExportSource, 'server' | 'download'> {
  return {
    server: new URL(settings.server).origin,
    download: (fileId: number, part: DownloadPart) => api.files.download(fileId, part),
  }
}

function pageQuery(beforeId: number | undefined) {
  return {limit: PAGE_SIZE, ...(beforeId === undefined ? {} : {beforeId})}
}
