import {VezaError} from '../../errors/veza-error.js'
import type {Io} from '../../output/io.js'
import type {CreatedWebhook} from '../../output/views/webhook.js'
import {parseRoomReference} from '../args.js'
import type {Context} from '../context.js'
import {givenSecret, newSecret} from './secret.js'

/** What to make. */
export interface CreateRequest {
  readonly url: string
  readonly events: readonly string[] | undefined
  readonly room: string | undefined
  readonly secretFile: string | undefined
}

/**
 * Makes a webhook. A secret that is made here is part of the result, one that was given is not.
 * @throws {VezaError} `usage` without an event, and as `givenSecret`.
 */
export async function createWebhook(
  context: Context,
  io: Io,
  {url, events = [], room, secretFile}: CreateRequest,
): Promise<CreatedWebhook> {
  if (events.length === 0) {
    throw new VezaError('usage', 'nothing to tell of: --event is missing', {
      hint: 'the events are message_sent, user_joined and user_left',
    })
  }
  const reference = room === undefined ? undefined : parseRoomReference(room, '--room')
  const given = await givenSecret(context, io, secretFile)
  const secret = given ?? newSecret()
  const roomId = reference === undefined ? undefined : await context.roomId(reference)
  const webhook = await context.api.webhooks.create({url, events, secret, roomId})
  return given === undefined ? {...webhook, secret} : webhook
}
