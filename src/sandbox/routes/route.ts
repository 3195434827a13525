import type {FastifyRequest} from 'fastify'

import type {Actor, App} from '../app.js'
import {type Fields, requiredInteger} from '../input.js'

/** One request of a user who is signed in. */
export interface Call {
  readonly app: App
  readonly actor: Actor
  readonly params: Fields
  readonly query: Fields
  readonly body: Fields
  readonly request: FastifyRequest
}

/** What goes back: `data` in the envelope, nothing, or bytes with their headers. */
export type Answer =
  | {readonly status: 200 | 201; readonly data: unknown}
  | {readonly status: 'empty'}
  | {
      readonly status: 'bytes'
      /** Part of a file, or the whole. */
      readonly code: 200 | 206
      readonly stream: NodeJS.ReadableStream
      readonly headers: Readonly<Record<string, string>>
    }

/** A row of section 4. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Below `/api/v1`. */
  readonly path: string
  /** Whether it counts as a message for the limits of section 3. */
  readonly isMessage?: true
  readonly handle: (call: Call) => Answer | Promise<Answer>
}

export const ok = (data: unknown): Answer => ({status: 200, data})

export const created = (data: unknown): Answer => ({status: 201, data})

export const EMPTY: Answer = {status: 'empty'}

/** The `{id}` of the path. */
export const pathId = (call: Call): number => requiredInteger(call.params, 'id')
