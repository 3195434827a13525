import type {CiRun} from './ci-run.js'
import {type RunField, SERVICES, type Sources} from './services.js'
import {statusOf} from './status.js'

type Variables = Readonly<Record<string, string | undefined>>
type Known = Readonly<Partial<Record<RunField, string>>>

/** The library asks git for what a few services do not tell. Nothing is to be run for that, so it finds no git. */
const NO_PROGRAMS = {PATH: '/nonexistent', Path: '/nonexistent'}

/**
 * The run of a CI system that this process is part of, by the variables that the system sets; undefined outside of one.
 * Reads no file but TeamCity's build properties, starts nothing.
 */
export async function readCiRun(variables: Variables): Promise<CiRun | undefined> {
  const env = filled(variables)
  const {default: envCi} = await import('env-ci')
  const found = envCi({env: {...env, ...NO_PROGRAMS, GITHUB_EVENT_PATH: ''}})
  if (found.service === undefined) return undefined
  const own = valuesOf(SERVICES[found.service] ?? {}, env)
  const theirs: Known = {
    runId: usable(found.build),
    branch: usable(found.isPr ? found.prBranch : found.branch),
    tag: usable(found.tag),
    commit: usable(found.commit),
    url: usable(found.buildUrl),
    repository: usable(found.slug),
    pullRequest: usable(found.pr?.toString()),
  }
  return {service: found.service, name: found.name ?? found.service, ...settle(own, theirs)}
}

function settle(own: Known, theirs: Known): Omit<CiRun, 'service' | 'name'> {
  const ref = own.ref ?? own.branch ?? theirs.branch
  const tag = own.tag ?? theirs.tag ?? /^refs\/tags\/(.+)$/.exec(ref ?? '')?.[1]
  const request = own.pullRequest ?? theirs.pullRequest ?? /^refs\/pull\/(\d+)\//.exec(ref ?? '')?.[1]
  return {
    runId: own.runId ?? theirs.runId,
    job: own.job,
    leg: own.leg,
    repository: repositoryName(own.repository ?? theirs.repository),
    branch: tag === undefined ? branchName(own.branch ?? theirs.branch ?? own.ref) : undefined,
    tag,
    commit: own.commit ?? theirs.commit,
    url: webAddress(own.url ?? theirs.url),
    actor: own.actor,
    pullRequest: request,
    status: own.status === undefined ? undefined : statusOf(own.status),
  }
}

/** A variable that is set to nothing is not set. No branch has line breaks, and the library fails on those that do. */
function filled(variables: Variables): Record<string, string> {
  const entries = Object.entries(variables).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
  )
  return Object.fromEntries(
    entries.map(([name, value]) => [name, value.replace(/[\r\n\u2028\u2029]+/g, ' ')]),
  )
}

function valuesOf(sources: Sources, env: Readonly<Record<string, string>>): Known {
  const fields = Object.entries(sources).map(([field, source]) => [field, firstValue(source, env)])
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined))
}

/** The first of the alternatives whose variables are all there. */
function firstValue(source: string, env: Readonly<Record<string, string>>): string | undefined {
  for (const text of source.split('|')) {
    const names = [...text.matchAll(/\$([A-Z_]+)/g)].map(([, name = '']) => name)
    if (names.every(name => env[name] !== undefined))
      return text.replace(/\$([A-Z_]+)/g, (_, name: string) => env[name] ?? '')
  }
  return undefined
}

/** The library pastes variables together that may not be there. */
function usable(value: string | undefined): string | undefined {
  return value === undefined || value === '' || /(^|\/)undefined(\/|$)/.test(value) ? undefined : value
}

/** `refs/heads/main` and `origin/main` are `main`; what names a pull request or a default is no branch. */
function branchName(ref: string | undefined): string | undefined {
  if (ref === undefined || /^refs\/(?!heads\/)|^<default>$/.test(ref)) return undefined
  return ref.replace(/^refs\/heads\/|^origin\//, '')
}

/** Of an address its path: never the user name and password in it. */
function repositoryName(text: string | undefined): string | undefined {
  const path = text?.replace(/^[a-z+]+:\/\/[^/]*\/|^[^/]*@[^/:]*:/i, '').replace(/\.git$/, '')
  return path?.replace(/^\/+/, '') || undefined
}

function webAddress(text: string | undefined): string | undefined {
  return text !== undefined && /^https?:\/\//.test(text) ? text.replaceAll(' ', '%20') : undefined
}
