import type {Api} from '../../api/index.js'
import {processEnvironment} from '../../config/environment.js'
import {parseServer} from '../../config/values.js'
import {EXIT} from '../../errors/catalogue.js'
import {createIo} from '../../output/io.js'
import {Context} from '../context.js'
import {openPrinter} from '../open-printer.js'
import {keepAfterFailure, keepNames, type NameScope} from './name-cache.js'
import type {NamedThing} from './name-candidates.js'
import {openScope, type ScopeFlags} from './name-scope.js'

/** Whoever waits has gone by then; what comes still is kept for the next time. */
const LIMIT_MS = 5000
/** More than anybody looks through. */
const MOST_NAMES = 500

/**
 * `veza __names KIND PREFIX SERVER PROFILE`, started by completion in a process of its own, so that a session which is
 * renewed meanwhile is renewed to the end: fetches names, keeps them and prints them as JSON. Never asks, tells nothing
 * on stderr. Resolves to the exit code.
 */
export async function fetchNames(words: readonly string[], version: string): Promise<number> {
  const [kind = '', prefix = '', server = '', profile = ''] = words
  if (kind !== 'room' && kind !== 'user') return EXIT.usage
  const environment = processEnvironment()
  const io = createIo({stdin: process.stdin, stdout: process.stdout, stderr: process.stderr})
  const flags: ScopeFlags = {
    ...(server === '' ? {} : {server: parseServer(server, '--server')}),
    ...(profile === '' ? {} : {profile}),
  }
  const {path} = await openScope({kind, prefix}, {flags, environment})
  const context = await Context.open({
    flags: {...flags, retries: 0, 'no-input': true, quiet: true},
    environment,
    version,
    openPrinter: async () => openPrinter({io, environment}, {quiet: true}),
    usesFiles: true,
    signal: AbortSignal.timeout(LIMIT_MS),
  })
  try {
    const names = await namesOf(context.api, {kind, prefix})
    await keepNames(path, names, Date.now())
    await io.write(JSON.stringify(names))
    await io.flush()
    return EXIT.done
  } catch {
    await keepAfterFailure(path, Date.now())
    return EXIT.failed
  } finally {
    await context.close()
  }
}

/** Rooms that may be seen; users that the server finds for a beginning, without one those there are conversations with. */
async function namesOf(
  api: Api,
  {kind, prefix}: Pick<NameScope, 'kind' | 'prefix'>,
): Promise<readonly NamedThing[]> {
  const names: NamedThing[] = []
  if (kind === 'room') {
    for await (const {id, name} of api.rooms.all()) {
      names.push({id, name})
      if (names.length === MOST_NAMES) break
    }
    return names
  }
  const users =
    prefix === ''
      ? (await api.dms.list({limit: 100})).items.flatMap(({other_user: user}) => user ?? [])
      : await api.users.search(prefix, {limit: 100})
  return users.map(({id, username}) => ({id, name: username}))
}
