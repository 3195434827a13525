import type {Channel} from '../../realtime/channel.js'
import {VezaCommand} from '../base-command.js'
import type {Context} from '../context.js'
import type {HistoryRequest} from './history-flags.js'
import {HistoryRun} from './history-run.js'

/** What `messages history` and `dm history` are built on: they say whose history. */
export abstract class HistoryCommand extends VezaCommand<void> {
  #run: HistoryRun | undefined

  /** Prints the history of what `find` finds. */
  protected async show(
    request: HistoryRequest,
    find: (context: Context) => Promise<Channel | undefined>,
  ): Promise<void> {
    const {context, io} = this
    this.#run = new HistoryRun({context, io, request, find: () => find(context)})
    await this.#run.run()
  }

  protected override farewell(reason: string): string | undefined {
    return this.#run?.farewell(reason)
  }
}
