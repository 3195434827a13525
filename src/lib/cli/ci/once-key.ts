import {inheritedVariables} from '../../config/environment.js'
import {VezaError} from '../../errors/veza-error.js'
import type {CiRun} from './ci-run.js'
import {readCiRun} from './read-ci-run.js'

/** The run of a CI system that this process is part of. */
export function currentCiRun(): Promise<CiRun | undefined> {
  return readCiRun(inheritedVariables())
}

/**
 * The key of `--once`: the same each time a job of a run is tried again, another one in another job, leg of a matrix,
 * run or text.
 * @throws {VezaError} `usage` outside of a CI run.
 */
export async function onceKey(content: string): Promise<string> {
  const run = await currentCiRun()
  const parts = [run?.job ?? '', content, ...(run?.leg === undefined ? [] : [run.leg])]
  return `once ${runKey(run, '--once', '--idempotency-key')} ${JSON.stringify(parts)}`
}

/**
 * What a run is known by, in all its attempts.
 * @param flag what needs it, and `instead` what does without, both for the error.
 * @throws {VezaError} `usage` where there is no run, or no id of it.
 */
export function runKey(run: CiRun | undefined, flag: string, instead: string): string {
  if (run?.runId === undefined)
    throw new VezaError(
      'usage',
      `${flag} needs a run of a CI system, and there is none by the variables set`,
      {
        hint: `outside of CI give a key of your own with ${instead}`,
      },
    )
  return JSON.stringify([run.service, run.repository ?? '', run.runId])
}
