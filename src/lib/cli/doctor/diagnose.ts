import type {OpenedSession} from '../../auth/open-session.js'
import type {StoreKind} from '../../auth/stores/secret-store.js'
import {VezaError} from '../../errors/veza-error.js'
import type {Finding} from '../../output/views/finding.js'
import type {Context} from '../context.js'
import {type Bounds, failed, skipped, type Verdict, verdictOf} from './check.js'
import {checkClock} from './clock.js'
import {checkConfig} from './config.js'
import {checkFolders} from './folders.js'
import {checkProxy} from './proxy.js'
import {checkRest} from './rest.js'
import {checkServer} from './server.js'
import {checkSession} from './session.js'
import {checkStore} from './stores.js'
import {checkTls} from './tls.js'
import {checkWebSocket} from './websocket.js'

/** No check takes longer. */
const CHECK_TIMEOUT_MS = 10_000

const STORES: readonly (readonly [name: string, kind: StoreKind])[] = [
  ['keychain', 'keychain'],
  ['encrypted file', 'encrypted-file'],
  ['plain file', 'file'],
]

/** All findings, and the error of the first failure, if there is one. */
export interface Diagnosis {
  readonly findings: readonly Finding[]
  readonly failure: VezaError | undefined
}

/**
 * Looks at everything between this machine and the server, one check after the other, each for 10 s at most.
 * @param open reads the settings. Where that fails with `config` or `usage` there is nothing else to look at.
 * @throws what `open` throws otherwise, and the reason of `signal`.
 */
export async function diagnose(open: () => Promise<Context>, signal: AbortSignal): Promise<Diagnosis> {
  const report = new Report({signal, timeoutMs: CHECK_TIMEOUT_MS})
  try {
    await examine(await open(), report)
  } catch (error) {
    if (!(error instanceof VezaError) || report.findings.length > 0) throw error
    report.note('config', failed(error))
  }
  return report
}

async function examine(context: Context, report: Report): Promise<void> {
  const {network, paths, settings} = context
  await report.add('config', () => checkConfig(context))
  await report.add('folders', () => checkFolders(paths))
  const reached = await report.add('server', limit => checkServer(context, limit, CHECK_TIMEOUT_MS))
  await report.add('tls', limit =>
    checkTls({
      server: settings.server,
      agentFor: url => network.agentFor(url),
      nowMs: Date.now(),
      signal: limit,
    }),
  )
  await report.add('proxy', () => checkProxy(settings.server))
  const isReached = 'probe' in reached
  report.note('clock', isReached ? checkClock(reached.probe.skewMs) : skipped('the server was not reached'))
  const session = await attempt(() => context.session())
  const online = (check: (limit: AbortSignal) => Promise<Verdict>) => async (limit: AbortSignal) => {
    if (!isReached) return skipped('the server was not reached')
    return session instanceof VezaError ? skipped('there is no session') : check(limit)
  }
  await report.add(
    'rest',
    online(limit => checkRest(context, limit)),
  )
  await report.add(
    'websocket',
    online(limit => checkWebSocket(context, limit)),
  )
  await examineStores(context, report, session)
  await report.add('session', async limit => {
    if (session instanceof VezaError) throw session
    return checkSession(session, Date.now(), limit)
  })
}

async function examineStores(
  {accounts, settings}: Context,
  report: Report,
  session: OpenedSession | VezaError,
): Promise<void> {
  for (const [name, kind] of STORES) {
    const store = accounts.store(kind)
    const holdsSession = !(session instanceof VezaError) && session.place === store.place
    const isRequired = kind === 'keychain' && settings.requireKeychain
    await report.add(name, () => checkStore(store, holdsSession || isRequired))
  }
}

/** The findings as they come. */
class Report implements Diagnosis {
  readonly findings: Finding[] = []
  failure: VezaError | undefined
  readonly #bounds: Bounds

  constructor(bounds: Bounds) {
    this.#bounds = bounds
  }

  /** Runs a check within its bounds and notes its verdict. */
  async add<V extends Verdict>(
    name: string,
    check: (signal: AbortSignal) => Promise<V>,
  ): Promise<V | Verdict> {
    const verdict = await verdictOf(check, this.#bounds)
    this.note(name, verdict)
    return verdict
  }

  note(check: string, {status, detail, hint, error}: Verdict): void {
    this.findings.push({check, status, detail, hint})
    this.failure ??= error
  }
}

/** What a step gives, or its error as a value. */
async function attempt<T>(step: () => Promise<T>): Promise<T | VezaError> {
  try {
    return await step()
  } catch (error) {
    if (error instanceof VezaError) return error
    throw error
  }
}
