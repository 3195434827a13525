import type {Agent} from 'node:http'
import {join} from 'node:path'
import {type Api, createApi} from '../api/index.js'
import {Accounts} from '../auth/accounts.js'
import {type OpenedSession, openSession} from '../auth/open-session.js'
import type {Environment} from '../config/environment.js'
import {readJsonFile} from '../config/json-file.js'
import {type Paths, resolvePaths} from '../config/paths.js'
import {type ResolvedSettings, resolveSettings, type Settings} from '../config/settings.js'
import {VezaError} from '../errors/veza-error.js'
import {type ConnectionOptions, createAgentFor} from '../http/agents.js'
import {createHttpClient} from '../http/client.js'
import type {HttpClient, TokenSource} from '../http/types.js'
import type {Printer} from '../output/printer.js'
import {parseRoomReference, type Reference} from './args.js'
import {type GlobalFlags, settingsOf} from './global-flags.js'
import {describeHttpEvent} from './http-log.js'
import {readTextFile} from './local-file.js'

/** What a context is made of. */
export interface ContextOptions {
  readonly flags: GlobalFlags
  readonly environment: Environment
  readonly version: string
  readonly out: Printer
  /** Aborted when the command must end. */
  readonly signal: AbortSignal
}

/**
 * The composition root: settings, session and API of one command, each made when first asked for. Only the user file
 * is read at once.
 */
export class Context {
  readonly #options: ContextOptions
  readonly #opened = new Map<string, unknown>()

  private constructor(
    options: ContextOptions,
    readonly paths: Paths,
    readonly resolved: ResolvedSettings,
  ) {
    this.#options = options
  }

  /** Reads the settings. @throws {VezaError} `usage` or `config` for a bad flag, variable or file. */
  static async open(options: ContextOptions): Promise<Context> {
    const {environment} = options
    const paths = resolvePaths(environment)
    const userFile = (await readJsonFile(userFilePath(paths))) ?? {}
    return new Context(options, paths, resolveSettings(settingsOf(options.flags), environment, userFile))
  }

  get settings(): Settings {
    return this.resolved.values
  }

  /** The server's calls, made as the account that is signed in. */
  get api(): Api {
    return this.#once('api', () => createApi(this.#http(this.tokens)))
  }

  /** The server's calls that need no account. */
  get anonymousApi(): Api {
    return this.#once('anonymous', () => createApi(this.#http()))
  }

  get accounts(): Accounts {
    return this.#once('accounts', () => {
      const {server} = this.settings
      return new Accounts({
        server,
        stateDir: this.paths.stateDir,
        authApi: this.anonymousApi.auth,
        now: Date.now,
      })
    })
  }

  /** The session in use. @throws {VezaError} `signed_out` when there is none. */
  session(): Promise<OpenedSession> {
    return this.#once('session', () =>
      openSession({
        environment: this.#options.environment,
        server: this.settings.server,
        username: this.settings.username,
        accounts: this.accounts,
        authApi: this.anonymousApi.auth,
        now: Date.now,
      }),
    )
  }

  /** The token source of the session, opened with the first request. */
  get tokens(): TokenSource {
    return {
      headers: async signal => (await this.session()).tokens.headers(signal),
      renew: async (used, signal) => (await this.session()).tokens.renew(used, signal),
    }
  }

  /** Whether questions are ruled out by `--no-input`. */
  get noInput(): boolean {
    return this.#options.flags['no-input'] === true
  }

  /**
   * The id of the room that a command is about: `--room`, else the argument, else the setting.
   * @throws {VezaError} `usage` when none of them is there, `not_found` for a name no room has.
   */
  async chosenRoom(argument: string | undefined, flag: string | undefined): Promise<number> {
    if (argument !== undefined && flag !== undefined) throw new VezaError('usage', 'the room is given twice')
    const text = flag ?? argument ?? this.settings.room
    if (text === undefined)
      throw new VezaError('usage', 'the room is missing', {hint: 'give ROOM, --room or VEZA_ROOM'})
    return this.roomId(parseRoomReference(text, 'ROOM'))
  }

  /** The id of a room given by id or name; only a name asks the server. */
  async roomId(room: Reference): Promise<number> {
    return 'id' in room ? room.id : (await this.api.rooms.find(room.name)).id
  }

  /** The id of a user given by id or name. */
  async userId(user: Reference): Promise<number> {
    return 'id' in user ? user.id : (await this.api.users.byName(user.name)).id
  }

  /** The way to an address, for REST and WebSocket alike: proxy and TLS settings. */
  async agentFor(url: URL): Promise<Agent | undefined> {
    const agentFor = await this.#once('agents', async () =>
      createAgentFor(await readCertificates(this.settings, this.#options.environment)),
    )
    return agentFor(url)
  }

  #http(tokens?: TokenSource): HttpClient {
    const {server, retries, connectTimeoutMs, writeTimeoutMs} = this.settings
    const {out, signal, version} = this.#options
    return createHttpClient({
      restBase: `${server}/api/v1`,
      ...(tokens === undefined ? {} : {tokens}),
      retries,
      timeoutMs: connectTimeoutMs,
      stallTimeoutMs: writeTimeoutMs,
      agentFor: url => this.agentFor(url),
      signal,
      userAgent: `veza-cli/${version}`,
      onEvent: event => describeHttpEvent(event, out),
    })
  }

  #once<T>(name: string, make: () => T): T {
    if (!this.#opened.has(name)) this.#opened.set(name, make())
    return this.#opened.get(name) as T
  }
}

async function readCertificates(settings: Settings, environment: Environment): Promise<ConnectionOptions> {
  const {ca, cert, key, insecure} = settings
  // An authority of our own replaces those that Node took from this variable, so they are given along with it.
  const extra = environment.get('NODE_EXTRA_CA_CERTS')
  const authorities = ca === undefined ? [] : [ca, ...(extra === undefined ? [] : [extra])]
  return {
    insecure,
    ...(authorities.length === 0 ? {} : {ca: await Promise.all(authorities.map(readTextFile))}),
    ...(cert === undefined ? {} : {cert: await readTextFile(cert)}),
    ...(key === undefined ? {} : {key: await readTextFile(key)}),
  }
}

/** Path of the user's own settings. */
export function userFilePath(paths: Paths): string {
  return join(paths.configDir, 'config.json')
}
