import {Counter, type CounterConfiguration, Gauge, Histogram, Registry} from 'prom-client'
import type {Definition, MetricGroup} from './definition.js'
import {DEFINITIONS, type LabelsOf, type MetricName, type NameOf} from './definitions.js'
import type {Metrics, SetFigure} from './metrics.js'
import {collectProcessMetrics} from './process-metrics.js'

/** Labels that every value gets in one rendering, such as the name of a file among others. */
type CommonLabels = Readonly<Record<string, string>>

/**
 * The metrics of this process by the Prometheus client, and their text in its format 0.0.4. Only this module and
 * `process-metrics` know the client, and this is a bundle of its own.
 */
export class MetricRegistry implements Metrics {
  readonly isOn = true
  readonly #registry = new Registry()
  readonly #counters = new Map<MetricName, Counter>()
  readonly #gauges = new Map<MetricName, Gauge>()
  readonly #histograms = new Map<MetricName, Histogram>()
  readonly #sources: ((set: SetFigure) => void)[] = []
  /** What counters that sources tell of have come to, by name and labels. */
  readonly #told = new Map<string, number>()
  #isReady = (): boolean => false
  #rendering: Promise<unknown> = Promise.resolve()

  /** @param groups the metrics that this process has, beside those of every process. */
  constructor(groups: readonly MetricGroup[]) {
    for (const [name, definition] of Object.entries(DEFINITIONS)) {
      if (definition.group === 'process' || groups.includes(definition.group)) this.#make(name as MetricName)
    }
    collectProcessMetrics(this.#registry)
  }

  add<N extends NameOf<'counter'>>(name: N, labels: LabelsOf<N>, by = 1): void {
    this.#counters.get(name)?.inc(labels, by)
  }

  observe<N extends NameOf<'histogram'>>(name: N, labels: LabelsOf<N>, value: number): void {
    this.#histograms.get(name)?.observe(labels, value)
  }

  collect(source: (set: SetFigure) => void): void {
    this.#sources.push(source)
  }

  readyWhen(isReady: () => boolean): void {
    this.#isReady = isReady
  }

  /** All metrics as text; one rendering at a time, since the common labels are the registry's. */
  text(common: CommonLabels = {}): Promise<string> {
    const rendering = this.#rendering.then(() => this.#render(common))
    this.#rendering = rendering.catch(() => undefined)
    return rendering
  }

  #render(common: CommonLabels): Promise<string> {
    this.#gauges.get('veza_ready')?.set(this.#isReady() ? 1 : 0)
    for (const tell of this.#sources) tell(this.#set)
    this.#registry.setDefaultLabels(common)
    return this.#registry.metrics()
  }

  readonly #set: SetFigure = (name, labels, value) => {
    const gauge = this.#gauges.get(name)
    if (gauge === undefined) this.#raise(name, labels, value)
    else gauge.set(labels, value)
  }

  /** A counter never falls: where what it is made of does, as when a channel is left, counting goes on from there. */
  #raise(name: MetricName, labels: CommonLabels, value: number): void {
    const key = `${name} ${JSON.stringify(labels)}`
    const grown = value - (this.#told.get(key) ?? 0)
    this.#told.set(key, value)
    this.#counters.get(name)?.inc(labels, Math.max(0, grown))
  }

  #make(name: MetricName): void {
    const definition = DEFINITIONS[name]
    const {kind, help} = definition
    const options = {name, help, labelNames: [...definition.labels], registers: [this.#registry]}
    if (kind === 'counter') this.#counters.set(name, counterFromStart(options, definition))
    else if (kind === 'gauge') this.#gauges.set(name, new Gauge(options))
    else this.#histograms.set(name, new Histogram({...options, buckets: [...definition.buckets]}))
  }
}

function counterFromStart(
  options: CounterConfiguration<string>,
  {labels, fromStart = []}: Definition,
): Counter {
  const counter = new Counter(options)
  const [label = ''] = labels
  for (const value of fromStart) counter.inc({[label]: value}, 0)
  return counter
}
