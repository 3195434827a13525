import {auditLogs} from '../domain/audit.js'
import {addMember, changeRole, listMembers, removeMember} from '../domain/members.js'
import {createRoom, deleteRoom, getRoom, listRooms, updateRoom} from '../domain/rooms.js'
import {statsOfRoom} from '../domain/stats.js'
import {requiredInteger} from '../input.js'
import {type Answer, type Call, created, EMPTY, ok, pathId, type Route} from './route.js'

export const roomRoutes: readonly Route[] = [
  {method: 'GET', path: '/rooms', handle: list},
  {
    method: 'POST',
    path: '/rooms',
    handle: ({app, actor, body}) => created(createRoom(app, actor, body)),
  },
  {method: 'GET', path: '/rooms/:id', handle: call => ok(getRoom(call.app, call.actor, pathId(call)))},
  {
    method: 'PUT',
    path: '/rooms/:id',
    handle: call => ok(updateRoom(call.app, call.actor, pathId(call), call.body)),
  },
  {method: 'DELETE', path: '/rooms/:id', handle: remove},
  {method: 'GET', path: '/rooms/:id/members', handle: members},
  {
    method: 'POST',
    path: '/rooms/:id/members',
    handle: call => created(addMember(call.app, call.actor, pathId(call), call.body)),
  },
  {
    method: 'PUT',
    path: '/rooms/:id/members/:user_id',
    handle: call => ok(changeRole(call.app, call.actor, pathId(call), memberId(call), call.body)),
  },
  {method: 'DELETE', path: '/rooms/:id/members/:user_id', handle: expel},
  {
    method: 'GET',
    path: '/rooms/:id/stats',
    handle: call => ok(statsOfRoom(call.app, call.actor, pathId(call), call.query)),
  },
  {method: 'GET', path: '/rooms/:id/audit', handle: audit},
]

const memberId = (call: Call): number => requiredInteger(call.params, 'user_id')

function list({app, actor, query}: Call): Answer {
  const {rows, page} = listRooms(app, actor, query)
  return ok(app.dialect.list('rooms', rows, page))
}

async function remove(call: Call): Promise<Answer> {
  await deleteRoom(call.app, call.actor, pathId(call))
  return EMPTY
}

function members(call: Call): Answer {
  const {rows, total} = listMembers(call.app, call.actor, pathId(call), call.query)
  return ok(call.app.dialect.list('members', rows, {total}))
}

function expel(call: Call): Answer {
  removeMember(call.app, call.actor, pathId(call), memberId(call))
  return EMPTY
}

function audit(call: Call): Answer {
  const {rows, total} = auditLogs(call.app, call.actor, pathId(call), call.query)
  return ok(call.app.dialect.list('logs', rows, {total}))
}
