import {VezaError} from '../errors/veza-error.js'
import {UnreadableValue} from './flags.js'
import {nearest} from './nearest.js'

/**
 * Whatever a command threw, as the one error a user sees. Nothing typed on the command line is repeated: an argument
 * may be a password that landed in the wrong place, so oclif's own messages, which quote values, are written anew.
 * @param aborted the reason the command was ended early, if it was: it outranks the errors that follow from it.
 * @param flagNames the flags of the command, for what may have been meant by one that is unknown.
 */
export function presentError(
  thrown: unknown,
  aborted?: unknown,
  flagNames: readonly string[] = [],
): VezaError {
  if (aborted instanceof VezaError) return aborted
  if (thrown instanceof VezaError) return thrown
  if (thrown instanceof UnreadableValue && thrown.cause instanceof VezaError) return thrown.cause
  return usageError(thrown, flagNames) ?? bug(thrown)
}

const SEE_HELP = {hint: 'see --help'}

/** oclif's parse errors are told by what they carry, its classes are not exported. */
function usageError(thrown: unknown, flagNames: readonly string[]): VezaError | undefined {
  if (!(thrown instanceof Error)) return undefined
  if ('flags' in thrown && isTexts(thrown.flags)) return unknownFlags(thrown.flags, flagNames)
  if ('args' in thrown && Array.isArray(thrown.args)) return wrongArguments(thrown.args)
  if (!('oclif' in thrown)) return undefined
  // What is left names flags only: "Flag --room expects a value", "… can only be specified once".
  const [line = ''] = thrown.message.split('\n')
  return new VezaError('usage', line.replace(/^Flag /, ''), SEE_HELP)
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(item => typeof item === 'string')
}

function unknownFlags(flags: readonly string[], known: readonly string[]): VezaError {
  const names = flags
    .map(flag => (flag.startsWith('--') ? flag.replace(/=.*$/s, '') : flag.slice(0, 2)))
    .filter(isFlagName)
  const near = names
    .filter(name => name.startsWith('--'))
    .flatMap(name => nearest(name.slice(2).toLowerCase(), known) ?? [])
  const hint =
    near.length === 0
      ? 'see --help; a text that begins with a dash goes behind -- or into --message'
      : `did you mean ${[...new Set(near)].map(name => `--${name}`).join(' and ')}?`
  return new VezaError('usage', `unknown flag ${names.join(', ') || '(unreadable)'}`, {hint})
}

/** A dashed text that is no flag's name may be anything, so it is not repeated. */
function isFlagName(name: string): boolean {
  return /^--?[a-z][a-z0-9-]{0,30}$/i.test(name)
}

function wrongArguments(args: readonly unknown[]): VezaError {
  const missing = args.filter(hasName).map(argument => argument.name.toUpperCase())
  if (missing.length > 0) return new VezaError('usage', `missing argument ${missing.join(', ')}`, SEE_HELP)
  const count = args.length === 1 ? 'an argument' : `${args.length} arguments`
  return new VezaError('usage', `${count} too many`, {hint: 'see --help; put a text with spaces in quotes'})
}

function hasName(value: unknown): value is {name: string} {
  return typeof value === 'object' && value !== null && 'name' in value && typeof value.name === 'string'
}

function bug(thrown: unknown): VezaError {
  const kind = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)
  return new VezaError('bug', `a defect of veza itself: ${kind}`, {
    hint: 'please report it with the command you ran and the output of --debug',
    cause: thrown,
  })
}
