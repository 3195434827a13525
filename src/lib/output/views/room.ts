import type {Room} from '../../../contract/resources.js'
import {moment} from './moment.js'
import type {Column, View} from './view.js'

const id: Column<Room> = {header: 'id', value: room => room.id}
const name: Column<Room> = {
  header: 'name',
  value: room => `#${room.name}`,
  paint: (text, style) => style.bold(text),
}
const visibility: Column<Room> = {
  header: 'visibility',
  value: room => (room.is_public === undefined ? undefined : room.is_public ? 'public' : 'private'),
  paint: (text, style, room) => (room.is_public === false ? style.yellow(text) : text),
}
const members: Column<Room> = {header: 'members', value: room => room.member_count}
const description: Column<Room> = {header: 'description', value: room => room.description}

/** A room (section 4 of the contract): its columns, and its details with owner and times. */
export const roomView: View<Room> = {
  columns: [id, name, visibility, members, description],
  fields: [
    id,
    name,
    visibility,
    members,
    {header: 'unread', value: room => room.unread_count},
    {header: 'owner', value: room => room.owner_id},
    {header: 'created', value: (room, context) => moment(room.created_at, context)},
    {header: 'active', value: (room, context) => moment(room.last_activity, context)},
    description,
  ],
  jsonFields: [
    ...['id', 'uuid', 'name', 'description', 'is_public', 'owner_id', 'created_at', 'updated_at'],
    ...['member_count', 'max_members', 'unread_count', 'last_activity'],
  ],
}
