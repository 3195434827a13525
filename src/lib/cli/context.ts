import type {AuthApi} from '../api/auth.js'
import {type Api, createApi} from '../api/index.js'
import {Accounts} from '../auth/accounts.js'
import {type OpenedSession, openSession} from '../auth/open-session.js'
import type {Environment} from '../config/environment.js'
import {type Paths, resolvePaths} from '../config/paths.js'
import type {Settings} from '../config/settings.js'
import {VezaError} from '../errors/veza-error.js'
import type {TokenSource} from '../http/types.js'
import type {Printer} from '../output/printer.js'
import {parseRoomReference, type Reference} from './args.js'
import {type GlobalFlags, settingsOf} from './global-flags.js'
import {readTextFile} from './local-file.js'
import {Network} from './network.js'
import {type OpenedSettings, openSettings} from './open-settings.js'
import {type OpenedBudget, openRateBudget} from './rate-budget.js'
import {credentialsInEnvironment, warnOfForeignServer} from './risks.js'

/** What a context is made of. */
export interface ContextOptions {
  readonly flags: GlobalFlags
  readonly environment: Environment
  readonly version: string
  /** Makes the printer that the settings ask for. */
  readonly openPrinter: (format: Settings['format']) => Promise<Printer>
  /** Whether files set something, too; else flags and environment alone. */
  readonly usesFiles: boolean
  /** Aborted when the command must end. */
  readonly signal: AbortSignal
}

/**
 * The composition root: settings, session and API of one command, each made when first asked for. Only the settings are
 * read at once.
 */
export class Context {
  readonly network: Network
  /** Counted for the metrics. */
  readonly tally = {tokenRefreshes: 0}
  readonly #options: ContextOptions
  readonly #opened = new Map<string, unknown>()

  private constructor(
    options: ContextOptions,
    readonly paths: Paths,
    readonly resolved: OpenedSettings,
    readonly out: Printer,
  ) {
    this.#options = options
    this.network = new Network({...options, settings: resolved.values, out})
  }

  /** Reads the settings. @throws {VezaError} `usage` or `config` for a bad flag, variable or file. */
  static async open(options: ContextOptions): Promise<Context> {
    const {environment, usesFiles} = options
    const paths = resolvePaths(environment)
    const resolved = await openSettings({flags: settingsOf(options.flags), environment, paths, usesFiles})
    return new Context(options, paths, resolved, await options.openPrinter(resolved.values.format))
  }

  get settings(): Settings {
    return this.resolved.values
  }

  get environment(): Environment {
    return this.#options.environment
  }

  get signal(): AbortSignal {
    return this.#options.signal
  }

  /** Whether questions are ruled out by `--no-input`. */
  get noInput(): boolean {
    return this.#options.flags['no-input'] === true
  }

  /** The server's calls, made as the account that is signed in. */
  get api(): Api {
    const {tokens, budget, signal} = this
    return this.#once('api', () => createApi(this.network.client({tokens, budget, signal})))
  }

  /** The server's calls that need no account. */
  get anonymousApi(): Api {
    return this.#once('anonymous', () => createApi(this.network.client({signal: this.signal})))
  }

  /** The server's calls, made with other credentials than those of the session. */
  apiOf(tokens: TokenSource): Api {
    return createApi(this.network.client({tokens, signal: this.signal}))
  }

  /** The budget of the account that is signed in, for all that sends messages; `api` keeps to it by itself. */
  get budget(): OpenedBudget {
    const {environment, settings, tokens, out} = this
    const {stateDir} = this.paths
    return this.#once('budget', () =>
      openRateBudget({settings, environment, stateDir, tokens, out, now: Date.now}),
    )
  }

  /** Renews a session. Not ended half-way, not even by Ctrl-C: `close` waits for it. */
  get refresh(): AuthApi['refresh'] {
    return this.#once('refresh', () => {
      const {refresh} = createApi(this.network.client({})).auth
      return async refreshToken => {
        const grant = await refresh(refreshToken)
        this.tally.tokenRefreshes += 1
        return grant
      }
    })
  }

  get accounts(): Accounts {
    return this.#once('accounts', () => {
      const bus = {
        address: this.environment.get('DBUS_SESSION_BUS_ADDRESS'),
        runtimeDir: this.environment.get('XDG_RUNTIME_DIR'),
      }
      const {server} = this.settings
      const passphrase = () => this.#passphrase()
      const onExposed = (notice: string) => this.out.warn(notice)
      return new Accounts({server, stateDir: this.paths.stateDir, bus, passphrase, onExposed, now: Date.now})
    })
  }

  /** The session in use. @throws {VezaError} `signed_out` when there is none. */
  session(): Promise<OpenedSession> {
    return this.#once('session', () => {
      if (credentialsInEnvironment(this.environment)) warnOfForeignServer(this.resolved, this.out)
      return openSession({
        environment: this.environment,
        server: this.settings.server,
        username: this.settings.username,
        accounts: this.accounts,
        authApi: {
          login: this.anonymousApi.auth.login,
          refresh: this.refresh,
        },
        now: Date.now,
        skewMs: () => this.network.skewMs,
        renewBeforeMs: this.settings.renewBeforeMs,
        onSpent: () =>
          this.out.warn('VEZA_REFRESH_TOKEN is spent now: a refresh token is good once, set a new one'),
      })
    })
  }

  /** The token source of the session, opened with the first request. */
  get tokens(): TokenSource {
    return {
      headers: async signal => (await this.session()).tokens.headers(signal),
      renew: async (used, signal) => (await this.session()).tokens.renew(used, signal),
    }
  }

  /** Waits for what must not be ended half-way. */
  async close(): Promise<void> {
    if (this.#opened.has('budget')) await this.budget.close()
    if (!this.#opened.has('session')) return
    const opened = await this.session().catch(() => undefined)
    await opened?.session?.settled()
  }

  /**
   * The id of the room that a command is about: `--room`, else the argument, else the setting.
   * @throws {VezaError} `usage` when none of them is there, `not_found` for a name no room has.
   */
  async chosenRoom(argument: string | undefined, flag: string | undefined): Promise<number> {
    return this.roomId(this.roomReference(argument, flag))
  }

  /** As `chosenRoom`, before the server is asked for the id of a name. */
  roomReference(argument: string | undefined, flag: string | undefined): Reference {
    if (argument !== undefined && flag !== undefined) throw new VezaError('usage', 'the room is given twice')
    const text = flag ?? argument ?? this.settings.room
    if (text === undefined) {
      throw new VezaError('usage', 'the room is missing', {
        hint: 'give ROOM, --room or VEZA_ROOM; a shell wants #name in quotes',
      })
    }
    return parseRoomReference(text, 'ROOM')
  }

  /** The id of a room given by id or name; only a name asks the server. */
  async roomId(room: Reference): Promise<number> {
    return 'id' in room ? room.id : (await this.api.rooms.find(room.name)).id
  }

  /** The id of a user given by id or name; `me` is the account that is signed in: no name is that short. */
  async userId(user: Reference): Promise<number> {
    if ('id' in user) return user.id
    const found = await (user.name === 'me' ? this.api.users.me() : this.api.users.byName(user.name))
    return found.id
  }

  /** `VEZA_PASSPHRASE`, else the first line of the passphrase file. */
  async #passphrase(): Promise<string | undefined> {
    const {passphraseFile} = this.settings
    const given = this.environment.get('VEZA_PASSPHRASE')
    if (given !== undefined || passphraseFile === undefined) return given
    return (await readTextFile(passphraseFile)).split(/\r?\n/)[0]
  }

  #once<T>(name: string, make: () => T): T {
    if (!this.#opened.has(name)) this.#opened.set(name, make())
    return this.#opened.get(name) as T
  }
}
