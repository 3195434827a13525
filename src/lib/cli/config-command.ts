import {VezaCommand} from './base-command.js'
import {outputFlags} from './flags.js'

/** A command that changes the user file: it must work when what stands there does not, so it does not go by it. */
export abstract class ConfigCommand<Result = unknown> extends VezaCommand<Result> {
  static override baseFlags = outputFlags
  protected override readonly usesFiles = false
}
