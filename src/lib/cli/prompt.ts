import {type Environment, inCi} from '../config/environment.js'
import {VezaError} from '../errors/veza-error.js'
import type {Io} from '../output/io.js'

/** Whether a person can be asked: a terminal on both sides whose input is not read to its end, no CI, no `--no-input`. */
export function mayAsk(io: Io, noInput: boolean, environment: Environment): boolean {
  const hasTerminal = io.stdin.isTTY === true && !io.stdin.destroyed && io.stderr.isTTY === true
  return hasTerminal && !noInput && !inCi(environment)
}

/** Asks for a line at the terminal. @throws {VezaError} `interrupted` on Ctrl-C and Ctrl-D. */
export async function askText(io: Io, question: string, signal: AbortSignal): Promise<string> {
  const {createInterface} = await import('node:readline/promises')
  const prompt = createInterface({input: io.stdin, output: io.stderr})
  // In raw mode Ctrl-C reaches the prompt as a key, not this process as a signal.
  prompt.once('SIGINT', () => process.kill(process.pid, 'SIGINT'))
  try {
    return await prompt.question(`${question}: `, {signal})
  } catch (cause) {
    io.writeError('\n')
    throw endedPrompt(cause, signal)
  } finally {
    prompt.close()
  }
}

/** Asks for a secret at the terminal; nothing of it is shown. @throws {VezaError} as `askText`. */
export async function askHidden(io: Io, question: string, signal: AbortSignal): Promise<string> {
  const {default: password} = await import('@inquirer/password')
  const ended = new AbortController()
  // The prompt knows no Ctrl-D: it would stop listening, and this process end as if all were done.
  const onKey = (_text: unknown, key?: {readonly ctrl?: boolean; readonly name?: string}): void => {
    if (key?.ctrl === true && key.name === 'd') ended.abort()
  }
  io.stdin.on('keypress', onKey)
  try {
    const either = AbortSignal.any([signal, ended.signal])
    return await password({message: question}, {input: io.stdin, output: io.stderr, signal: either})
  } catch (cause) {
    throw endedPrompt(cause, signal)
  } finally {
    io.stdin.off('keypress', onKey)
  }
}

/** What a prompt throws at its end without an answer, whatever library asked. */
function endedPrompt(cause: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason
  const isEnd =
    cause instanceof Error && ['AbortError', 'AbortPromptError', 'ExitPromptError'].includes(cause.name)
  return isEnd ? new VezaError('interrupted', 'interrupted', {cause}) : cause
}
