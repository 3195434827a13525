import {existsSync} from 'node:fs'
import type {ResolvedSettings} from '../../config/resolve.js'
import {DEFINITIONS, SETTING_NAMES, type Settings} from '../../config/settings.js'
import {showValue} from '../../config/show-value.js'
import type {Context} from '../context.js'
import {readStored} from '../open-settings.js'
import {ok, type Verdict} from './check.js'

/** Which files were read, and each setting that is not the default with where it came from. */
export async function checkConfig({paths, resolved}: Pick<Context, 'paths' | 'resolved'>): Promise<Verdict> {
  const {userFile, project} = await readStored(paths)
  const files = [project?.origin, userFile.path].filter(path => path !== undefined && existsSync(path))
  const read = files.length === 0 ? `no file, ${userFile.path} does not exist` : files.join(', ')
  const set = settingsThatDiffer(resolved)
  return ok(`read ${read}; ${set.length === 0 ? 'all settings are the defaults' : set.join(', ')}`)
}

/** None of them is a secret: those have no setting. */
function settingsThatDiffer(resolved: ResolvedSettings): string[] {
  return SETTING_NAMES.filter(name => resolved.sources[name] !== 'default').map(name => {
    const {key, kind} = DEFINITIONS[name]
    return `${key}=${showValue(kind.name, resolved.values[name])} (${sourceOf(name, resolved)})`
  })
}

function sourceOf(name: keyof Settings, {sources, origins}: ResolvedSettings): string {
  const origin = origins[name]
  return origin === undefined ? sources[name] : `${sources[name]} ${origin}`
}
