import {randomInt} from 'node:crypto'
import {mkdirSync, mkdtempSync, readdirSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {VezaError} from '../lib/errors/veza-error.js'
import type {App} from './app.js'
import {DIALECTS, type DialectName} from './dialects.js'
import {PARTIAL_PREFIX} from './domain/files.js'
import {Door} from './door.js'
import {type FaultControl, Faults} from './faults/faults.js'
import {strikeMoment} from './faults/moments.js'
import type {FaultSpec} from './faults/spec.js'
import {Limiter} from './limits.js'
import {Hub} from './realtime/hub.js'
import {buildServer} from './server.js'
import {Database} from './store/database.js'
import {prepareDatabase} from './store/seed.js'
import {Tally} from './tally.js'
import {TokenGenerations} from './tokens.js'
import {WebhookSender} from './webhook-sender.js'

export {parseFault, showFault} from './faults/notation.js'
export type {FaultControl, FaultSpec}

/** How the embedded server behaves. */
export interface SandboxOptions {
  /** Default `127.0.0.1`. */
  readonly host?: string
  /** Default 0: any free port. */
  readonly port?: number
  /** Which column of section 7 it speaks. Default `reference`. */
  readonly dialect?: DialectName
  /** Lifetime of an access token. Default 900. */
  readonly tokenTtlSeconds?: number
  /** Whether the limits of section 3 hold. Default false. */
  readonly limits?: boolean
  /** Default 100 MiB. */
  readonly maxUploadBytes?: number
  /** SQLite file that keeps the state; uploads go to the folder `FILE.files` beside it. Default: nothing is kept. */
  readonly dataFile?: string
  /** What access tokens are signed with. Default: a random one, kept in the data file. */
  readonly jwtSecret?: string | undefined
  /** Milliseconds since 1970. Default: the clock. */
  readonly now?: () => number
  /** Armed from the start, in this order. Default: none. */
  readonly faults?: readonly FaultSpec[] | undefined
  /** What the faults' chance is drawn from, a whole number. Default: a random one. */
  readonly faultSeed?: number | undefined
  /** Whether `/sandbox/faults` arms, shows and clears faults, for whoever reaches the server. Default false. */
  readonly control?: boolean
}

/** What a server has done since its start, and what is open now. */
export interface SandboxFigures {
  readonly connections: number
  readonly openConnections: number
  readonly framesReceived: number
  readonly framesSent: number
  /** Messages that were stored. */
  readonly messages: number
  /** Requests that were answered. */
  readonly requests: readonly {readonly method: string; readonly status: string; readonly count: number}[]
}

/** A running server. */
export interface Sandbox {
  /** `http://HOST:PORT`. */
  readonly url: string
  readonly port: number
  readonly faults: FaultControl
  figures(): SandboxFigures
  /** Closes the sockets with 1001, brings everything to disk and removes what is temporary. */
  close(): Promise<void>
}

const DEFAULT_UPLOAD_BYTES = 100 * 1024 * 1024
const SEED_MAX = 2 ** 31

/**
 * Starts a chat server that keeps the whole contract (sections 2 to 5), with the users `admin`, `alice`, `bob` and
 * `bot`, each with the password NAME-pass, and the public room `general`. Rejects when the port is taken or the data
 * file cannot be opened.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const faults: Faults = new Faults(options.faultSeed ?? randomInt(SEED_MAX), spec =>
    strikeMoment(app, door, spec),
  )
  const app = createApp(options, faults)
  const server = await buildServer(app)
  await server.ready()
  const host = options.host ?? '127.0.0.1'
  const door = new Door(server.server, host, options.port ?? 0, () => !faults.isRefusing)
  const end = async (): Promise<void> => {
    door.end()
    faults.clear()
    await server.close()
    await Promise.all(app.uploads)
    app.webhooks.close()
    app.db.close()
    if (options.dataFile === undefined) rmSync(app.filesDir, {recursive: true, force: true})
  }
  try {
    await door.open()
    for (const spec of options.faults ?? []) armAtStart(faults, spec)
  } catch (error) {
    await end()
    throw error instanceof VezaError ? error : cannotListen(error, host, options.port ?? 0)
  }
  const {port} = door
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => (closing ??= end())
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`
  return {url, port, faults, figures: () => figuresOf(app), close}
}

function figuresOf({hub, tally}: App): SandboxFigures {
  const {connections, framesReceived, framesSent, messages} = tally
  const requests = [...tally.requests].map(([key, count]) => {
    const [method = '', status = ''] = key.split(' ')
    return {method, status, count}
  })
  return {connections, openConnections: hub.sockets.size, framesReceived, framesSent, messages, requests}
}

function createApp(options: SandboxOptions, faults: Faults): App {
  const now = options.now ?? Date.now
  const {db, jwtSecret} = openData(options.dataFile, new Date(now()).toISOString())
  return {
    db,
    dialect: DIALECTS[options.dialect ?? 'reference'],
    hub: new Hub(faults.carry),
    limiter: options.limits ? new Limiter(now) : undefined,
    webhooks: new WebhookSender(db),
    faults,
    tally: new Tally(),
    isControlled: options.control ?? false,
    tokens: new TokenGenerations(),
    jwtSecret: options.jwtSecret ?? jwtSecret,
    tokenTtlSeconds: options.tokenTtlSeconds ?? 900,
    maxUploadBytes: options.maxUploadBytes ?? DEFAULT_UPLOAD_BYTES,
    filesDir: prepareFilesDir(options.dataFile),
    uploads: new Set(),
    now,
    startedAtMs: now(),
  }
}

/** Nobody is connected yet: what would strike nobody is a mistake. */
function armAtStart(faults: Faults, spec: FaultSpec): void {
  const isInVain = ['drop', 'close', 'silent'].includes(spec.kind)
  if (isInVain && spec.ratio === undefined && spec.everyMs === undefined) {
    throw new VezaError('usage', `${spec.kind} strikes at once, and at the start nobody is connected`, {
      hint: `give it a chance or a time: ${spec.kind}:ratio=0.01 or ${spec.kind}:every=30s`,
    })
  }
  faults.arm(spec)
}

function openData(path: string | undefined, createdAt: string): {db: Database; jwtSecret: string} {
  let db: Database | undefined
  try {
    db = new Database(path ?? ':memory:')
    return {db, jwtSecret: prepareDatabase(db, createdAt)}
  } catch (cause) {
    db?.close()
    throw new VezaError('config', `${path} cannot be used for the sandbox's data: ${reasonOf(cause)}`, {
      hint: 'give --data a new file in a folder that exists, or one that a sandbox has made',
      cause,
    })
  }
}

function cannotListen(cause: unknown, host: string, port: number): VezaError {
  const inUse = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE'
  return new VezaError(
    'usage',
    `cannot listen on ${host}:${port}: ${inUse ? 'the port is in use' : reasonOf(cause)}`,
    {
      hint: 'choose another with --port; --port 0 takes any free one',
      cause,
    },
  )
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : 'unknown reason'
}

function prepareFilesDir(dataFile: string | undefined): string {
  if (dataFile === undefined) return mkdtempSync(join(tmpdir(), 'veza-sandbox-'))
  const dir = `${dataFile}.files`
  mkdirSync(dir, {recursive: true})
  removePartialUploads(dir)
  return dir
}

// What a killed server was receiving; nobody was ever told of it.
function removePartialUploads(dir: string): void {
  const partial = readdirSync(dir).filter(name => name.startsWith(PARTIAL_PREFIX))
  for (const name of partial) rmSync(join(dir, name), {force: true})
}
