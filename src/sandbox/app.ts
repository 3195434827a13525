import type {Dialect} from './dialects.js'
import type {Faults} from './faults/faults.js'
import type {Limiter} from './limits.js'
import type {Hub} from './realtime/hub.js'
import type {Database} from './store/database.js'
import type {Tally} from './tally.js'
import type {TokenGenerations} from './tokens.js'
import type {WebhookSender} from './webhook-sender.js'

/** What every part of the server works with; made once, in `index.ts`. */
export interface App {
  readonly db: Database
  readonly dialect: Dialect
  readonly hub: Hub
  /** Absent when no limits are asked for. */
  readonly limiter: Limiter | undefined
  readonly webhooks: WebhookSender
  readonly faults: Faults
  readonly tally: Tally
  /** Whether the control route of the faults is open. */
  readonly isControlled: boolean
  readonly tokens: TokenGenerations
  readonly jwtSecret: string
  readonly tokenTtlSeconds: number
  readonly maxUploadBytes: number
  /** The folder of uploaded files. */
  readonly filesDir: string
  /** Those that are under way; none of them rejects. */
  readonly uploads: Set<Promise<void>>
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly startedAtMs: number
}

/** Who acts, and from where. */
export interface Actor {
  readonly id: number
  readonly username: string
  readonly role: string
  readonly permissions: readonly string[]
  /** Absent for an API key. */
  readonly sessionId?: string
  readonly ip: string
}

/** The time as the contract writes it. */
export function timestamp(app: App, offsetMs = 0): string {
  return new Date(app.now() + offsetMs).toISOString()
}
