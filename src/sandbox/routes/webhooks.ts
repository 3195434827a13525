import {createWebhook, listWebhooks, testWebhook} from '../domain/webhooks.js'
import {created, ok, pathId, type Route} from './route.js'

export const webhookRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/webhooks',
    handle: ({app, actor}) => {
      const rows = listWebhooks(app, actor)
      return ok(app.dialect.list('webhooks', rows, {total: rows.length}))
    },
  },
  {
    method: 'POST',
    path: '/webhooks',
    handle: ({app, actor, body}) => created(createWebhook(app, actor, body)),
  },
  {
    method: 'POST',
    path: '/webhooks/:id/test',
    handle: async call => ok(await testWebhook(call.app, call.actor, pathId(call))),
  },
]
