import {pathToFileURL} from 'node:url'
import type {BotContext} from '../../bot/bot-context.js'
import {type Limit, type Limits, limitOf} from '../hooks/limits.js'

/** One call of a module. */
export interface ModuleRun extends Limits {
  readonly path: string
  /** Another number reads the file anew. */
  readonly generation: number
  readonly context: Omit<BotContext, 'signal'>
}

/** How it ended; `stopped`: because the bot has to end, so nothing is known. */
export type ModuleOutcome =
  | {readonly type: 'done'; readonly output: string}
  /** It threw, or returned what is no text. */
  | {readonly type: 'failed'; readonly reason: string}
  /** It cannot be imported. */
  | {readonly type: 'missing'; readonly reason: string}
  | {readonly type: 'timeout' | 'stopped'}

/**
 * Calls the default export of a module. Nothing can end it from outside: when its time is over its signal is aborted and
 * it is waited for no more. Never rejects.
 */
export async function runModule(run: ModuleRun): Promise<ModuleOutcome> {
  const over = new AbortController()
  try {
    const first = await Promise.race([call(run, over.signal), limitOf(run, over.signal)])
    return 'limit' in first ? limited(first) : first
  } finally {
    over.abort()
  }
}

async function call({path, generation, context}: ModuleRun, signal: AbortSignal): Promise<ModuleOutcome> {
  let command: unknown
  try {
    const {importModule} = await import('./import-module.js')
    const imported = await importModule(`${pathToFileURL(path).href}?generation=${generation}`)
    command = imported.default
  } catch (error) {
    return {type: 'missing', reason: reasonOf(error)}
  }
  if (typeof command !== 'function') return {type: 'missing', reason: 'it exports no function as default'}
  try {
    const output: unknown = await command({...context, signal})
    if (output === undefined || output === null) return {type: 'done', output: ''}
    if (typeof output === 'string') return {type: 'done', output}
    return {type: 'failed', reason: `it returned no text but ${typeof output}`}
  } catch (error) {
    return {type: 'failed', reason: reasonOf(error)}
  }
}

function limited({limit}: Limit): ModuleOutcome {
  return {type: limit}
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
