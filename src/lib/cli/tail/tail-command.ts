import type {OutputFormat} from '../../output/renderers/renderer.js'
import {messageView} from '../../output/views/message.js'
import {VezaCommand} from '../base-command.js'
import type {Context} from '../context.js'
import {
  type MetricsRequest,
  noOpenedMetrics,
  type OpenedMetrics,
  openMetrics,
} from '../metrics/open-metrics.js'
import type {Followed} from './channels.js'
import {readPlan, type TailRequest} from './plan.js'
import {Tail} from './tail.js'

/** Formats in which records of different kinds can be told apart. */
const OF_JSON: readonly OutputFormat[] = ['json', 'ndjson', 'jq']

/** What `messages tail`, `messages wait` and `dm tail` are built on: they say what to follow, and how. */
export abstract class TailCommand extends VezaCommand<void> {
  #tail: Tail | undefined

  /** Follows what `find` finds until a flag, a signal or an error ends it. */
  protected async follow(
    request: TailRequest & MetricsRequest,
    find: (context: Context) => Promise<Followed>,
  ): Promise<void> {
    const {context, io} = this
    const plan = readPlan(request, OF_JSON.includes(context.out.format))
    context.out.check(messageView)
    const {metrics, close} = await this.#openMetrics(request)
    const tail = new Tail({context, io, request, plan, metrics, find: () => find(context)})
    this.#tail = tail
    this.cleanup(async () => {
      await tail.close()
      await close()
    })
    await tail.run()
  }

  /** The variables that ask for metrics are for commands that have the flags: others would take each other's port. */
  async #openMetrics(request: MetricsRequest): Promise<OpenedMetrics> {
    return 'metrics-listen' in this.ctor.flags
      ? openMetrics(this.context, request, ['client'])
      : noOpenedMetrics
  }

  protected override farewell(reason: string): string | undefined {
    return this.#tail?.farewell(reason)
  }
}
