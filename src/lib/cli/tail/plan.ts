import type {InferredFlags} from '@oclif/core/interfaces'
import {VezaError} from '../../errors/veza-error.js'
import type {ShapeFlags} from '../output/flags.js'
import {parsePattern} from './filters.js'
import type {tailFlags} from './tail-flags.js'

/** What a tail is asked for: the flags of `tailFlags`, those of the output, and what only `messages wait` adds. */
export type TailRequest = Partial<InferredFlags<typeof tailFlags>> &
  ShapeFlags & {
    /** As `grep`, for `--match`. */
    readonly match?: string | undefined
    readonly 'reply-to'?: number | undefined
    /** Ends it with `timeout` after so long. */
    readonly deadlineMs?: number | undefined
  }

/** The part of a request that is read before anything is opened. */
export interface Plan {
  readonly pattern: RegExp | undefined
  readonly highlight: readonly RegExp[]
}

/** Flags that say nothing without `--exec`. */
const NEED_EXEC = ['max-parallel', 'hook-timeout', 'hook-retries', 'dead-letter'] as const
/** Flags for what is printed, which `--exec` takes the place of: stdout is the commands' own then. */
const NOT_WITH_EXEC = ['format', 'template', 'columns', 'jq', 'highlight', 'types', 'events'] as const
/** Durations of 0 would end what they limit before it begins. */
const MORE_THAN_0 = ['hook-timeout', 'idle-timeout'] as const

/** Checks a request. @throws {VezaError} `usage` for flags that do not go together and expressions that are none. */
export function readPlan(request: TailRequest, isJson: boolean): Plan {
  checkTogether(request, isJson)
  const {'ignore-case': ignoreCase, grep, match, highlight = []} = request
  const [source, label] = match === undefined ? [grep, '--grep'] : [match, '--match']
  return {
    pattern: source === undefined ? undefined : parsePattern(source, label, ignoreCase),
    highlight: highlight.map(text => parsePattern(text, '--highlight', ignoreCase)),
  }
}

function checkTogether(request: TailRequest, isJson: boolean): void {
  const {cursor, exec, resume} = request
  if (cursor !== undefined && resume !== undefined) throw exclusive('--cursor', '--resume')
  if (request.since !== undefined && request.last !== undefined) throw exclusive('--since', '--last')
  if (request.events === true && !isJson) {
    throw new VezaError('usage', '--events wants --json', {hint: 'its records are lines of JSON'})
  }
  if (request.sort !== undefined) throw new VezaError('usage', '--sort is for lists, this is a stream')
  if (exec?.trim() === '') throw new VezaError('usage', '--exec is empty')
  const lonely = NEED_EXEC.find(name => exec === undefined && request[name] !== undefined)
  if (lonely !== undefined) throw new VezaError('usage', `--${lonely} is for --exec, which is missing`)
  const useless = NOT_WITH_EXEC.find(name => exec !== undefined && request[name] !== undefined)
  if (useless !== undefined) throw exclusive(`--${useless}`, '--exec')
  const empty = MORE_THAN_0.find(name => request[name] === 0)
  if (empty !== undefined) throw new VezaError('usage', `--${empty} must be more than 0`)
}

function exclusive(one: string, other: string): VezaError {
  return new VezaError('usage', `give ${one} or ${other}, not both`)
}
