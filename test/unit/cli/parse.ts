import {Command} from '@oclif/core/command'
import type {ArgInput, FlagInput} from '@oclif/core/interfaces'
import {lightConfig} from '../../../src/lib/cli/light-config.js'
import {presentError} from '../../../src/lib/cli/present-error.js'
import type {VezaError} from '../../../src/lib/errors/veza-error.js'

/** What a command declares. */
export interface Declared {
  readonly flags?: FlagInput
  readonly args?: ArgInput
}

/** What a command line was parsed to. */
export interface Parsed {
  readonly flags: Readonly<Record<string, unknown>>
  readonly args: Readonly<Record<string, unknown>>
}

/** Parses a command line with the real parser, as a command that declares these flags and arguments would. */
export async function parse(declared: Declared, argv: readonly string[]): Promise<Parsed> {
  class Test extends Command {
    static override flags = declared.flags ?? {}
    static override args = declared.args ?? {}

    async run(): Promise<Parsed> {
      const {flags, args} = await this.parse(Test)
      return {flags, args}
    }
  }
  Test.id = 'test'
  return new Test([...argv], lightConfig('1.2.3') as Command['config']).run()
}

/** The error that the user of such a command line sees; undefined where there is none. */
export async function shownError(
  declared: Declared,
  argv: readonly string[],
): Promise<VezaError | undefined> {
  return parse(declared, argv).then(
    () => undefined,
    (thrown: unknown) => presentError(thrown),
  )
}
