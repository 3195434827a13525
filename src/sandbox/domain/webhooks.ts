import {type Actor, type App, timestamp} from '../app.js'
import type {Shape} from '../dialects.js'
import {denied, invalid, notFound} from '../errors.js'
import {type Fields, optionalInteger, optionalText, requiredText, textList} from '../input.js'
import {randomSecret} from '../secrets.js'
import * as store from '../store/webhooks.js'
import {managedRoom} from './access.js'

const EVENTS: readonly string[] = ['message_sent', 'user_joined', 'user_left']

export function listWebhooks(app: App, actor: Actor): Shape[] {
  return store.listWebhooks(app.db, actor.id).map(show)
}

/** With `room_id`, for a room that the user manages; without, for every room he is a member of. */
export function createWebhook(app: App, actor: Actor, fields: Fields): Shape {
  const url = requiredText(fields, 'url', 2_000)
  if (!isWebAddress(url)) throw invalid('url', 'must be an http or https address')
  const events = textList(fields, 'events')
  if (events.length === 0 || !events.every(event => EVENTS.includes(event))) {
    throw invalid('events', `must be some of ${EVENTS.join(', ')}`)
  }
  const roomId = optionalInteger(fields, 'room_id') ?? null
  if (roomId !== null) managedRoom(app, actor, roomId)
  const webhook = {
    user_id: actor.id,
    room_id: roomId,
    url,
    events: JSON.stringify(events),
    secret: optionalText(fields, 'secret', 255) ?? randomSecret(),
    created_at: timestamp(app),
  }
  const id = store.insertWebhook(app.db, webhook)
  app.webhooks.enable()
  return show({id, ...webhook})
}

/** Delivers one event `test` and says how it went. */
export async function testWebhook(app: App, actor: Actor, id: number): Promise<Shape> {
  const webhook = store.findWebhook(app.db, id)
  if (!webhook) throw notFound('webhook')
  if (webhook.user_id !== actor.id) throw denied('This webhook is of somebody else')
  const data = {webhook_id: id, room_id: webhook.room_id, created_at: timestamp(app)}
  const status = await app.webhooks.deliver(webhook, 'test', data)
  return {webhook_id: id, delivered: status !== null && status >= 200 && status < 300, status_code: status}
}

const show = (webhook: store.WebhookRow): Shape => ({
  id: webhook.id,
  url: webhook.url,
  events: JSON.parse(webhook.events),
  room_id: webhook.room_id,
  created_at: webhook.created_at,
})

function isWebAddress(text: string): boolean {
  return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol)
}
