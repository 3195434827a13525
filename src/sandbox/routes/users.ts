import {statsOfServer} from '../domain/stats.js'
import {changeProfile, existingUser, searchUsers, showOwnUser, showUser} from '../domain/users.js'
import {ok, pathId, type Route} from './route.js'

export const userRoutes: readonly Route[] = [
  {method: 'GET', path: '/users/me', handle: ({app, actor}) => ok(showOwnUser(existingUser(app, actor.id)))},
  {
    method: 'PUT',
    path: '/users/me',
    handle: ({app, actor, body}) => ok(showOwnUser(changeProfile(app, actor, body))),
  },
  {
    method: 'GET',
    path: '/users/search',
    handle: ({app, query}) => {
      const rows = searchUsers(app, query)
      return ok(app.dialect.list('users', rows, {total: rows.length}))
    },
  },
  {
    method: 'GET',
    path: '/users/:id',
    handle: call => ok(showUser(call.app, existingUser(call.app, pathId(call)))),
  },
  {method: 'GET', path: '/admin/stats', handle: ({app, actor}) => ok(statsOfServer(app, actor))},
]
