import {VezaCommand} from '../base-command.js'
import type {Context} from '../context.js'
import type {Followed} from './channels.js'
import {readPlan, type TailRequest} from './plan.js'
import {Tail} from './tail.js'

/** What `messages tail`, `messages wait` and `dm tail` are built on: they say what to follow, and how. */
export abstract class TailCommand extends VezaCommand<void> {
  #tail: Tail | undefined

  /** Follows what `find` finds until a flag, a signal or an error ends it. */
  protected async follow(request: TailRequest, find: (context: Context) => Promise<Followed>): Promise<void> {
    const {context, io} = this
    const plan = readPlan(request, context.settings.format === 'json')
    const tail = new Tail({context, io, request, plan, find: () => find(context)})
    this.#tail = tail
    this.cleanup(() => tail.close())
    await tail.run()
  }

  protected override farewell(reason: string): string | undefined {
    return this.#tail?.farewell(reason)
  }
}
