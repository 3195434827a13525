import {type Environment, inCi} from '../config/environment.js'
import {VezaError} from '../errors/veza-error.js'
import type {Io} from '../output/io.js'

/** Whether a person can be asked: a terminal on both sides, no CI, no `--no-input`. */
export function mayAsk(io: Io, noInput: boolean, environment: Environment): boolean {
  return io.stdin.isTTY === true && io.stderr.isTTY === true && !noInput && !inCi(environment)
}

/** Asks for a line at the terminal. */
export async function askText(io: Io, question: string, signal: AbortSignal): Promise<string> {
  const {createInterface} = await import('node:readline/promises')
  const prompt = createInterface({input: io.stdin, output: io.stderr})
  // In raw mode Ctrl-C reaches the prompt as a key, not this process as a signal.
  prompt.once('SIGINT', () => process.kill(process.pid, 'SIGINT'))
  try {
    return await prompt.question(`${question}: `, {signal})
  } finally {
    prompt.close()
  }
}

/** Asks for a secret at the terminal; nothing of it is shown. */
export async function askHidden(io: Io, question: string, signal: AbortSignal): Promise<string> {
  const {default: password} = await import('@inquirer/password')
  try {
    return await password({message: question}, {input: io.stdin, output: io.stderr, signal})
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'ExitPromptError')
      throw new VezaError('interrupted', 'interrupted', {cause})
    throw cause
  }
}
