import type {MetricGroup} from './definition.js'
import type {LabelsOf, NameOf} from './definitions.js'
import type {Metrics, SetFigure} from './metrics.js'
import type {MetricRegistry} from './registry.js'

/** So many notes are kept for a registry that is not there yet, some 1 MB of them. */
const MANY_NOTES = 10_000

/** Labels that every value gets in one rendering. */
type CommonLabels = Readonly<Record<string, string>>

/**
 * The metrics of this process, before anybody has looked at them: the Prometheus client is loaded for the first who does,
 * since that costs as much as some thousand messages. What is noted until then is kept.
 */
export class LateRegistry implements Metrics {
  readonly isOn = true
  /** Of the text. */
  readonly contentType = 'text/plain; version=0.0.4; charset=utf-8'
  readonly #groups: readonly MetricGroup[]
  #notes: ((metrics: Metrics) => void)[] = []
  #registry: MetricRegistry | undefined
  #loading: Promise<MetricRegistry> | undefined
  readonly #isEnding: () => boolean
  #isReady = (): boolean => false

  /**
   * @param groups the metrics that this process has, beside those of every process.
   * @param isEnding whether the process has to end: then it is not ready, whatever it says itself. Default: never.
   */
  constructor(groups: readonly MetricGroup[], isEnding = (): boolean => false) {
    this.#groups = groups
    this.#isEnding = isEnding
  }

  add<N extends NameOf<'counter'>>(name: N, labels: LabelsOf<N>, by?: number): void {
    this.#note(metrics => metrics.add(name, labels, by))
  }

  observe<N extends NameOf<'histogram'>>(name: N, labels: LabelsOf<N>, value: number): void {
    this.#note(metrics => metrics.observe(name, labels, value))
  }

  collect(source: (set: SetFigure) => void): void {
    this.#note(metrics => metrics.collect(source))
  }

  readyWhen(isReady: () => boolean): void {
    this.#isReady = isReady
  }

  /** Whether the process does its work. */
  get isReady(): boolean {
    return this.#isReady() && !this.#isEnding()
  }

  /** All metrics as text. */
  async text(common?: CommonLabels): Promise<string> {
    this.#loading ??= this.#load()
    return (await this.#loading).text(common)
  }

  #note(note: (metrics: Metrics) => void): void {
    if (this.#registry !== undefined) note(this.#registry)
    else if (this.#notes.push(note) > MANY_NOTES) this.#loading ??= this.#load()
  }

  async #load(): Promise<MetricRegistry> {
    const {MetricRegistry} = await import('./registry.js')
    const registry = new MetricRegistry(this.#groups)
    registry.readyWhen(() => this.isReady)
    for (const note of this.#notes) note(registry)
    this.#notes = []
    this.#registry = registry
    return registry
  }
}
