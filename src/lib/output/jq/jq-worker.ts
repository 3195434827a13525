// Runs jq apart from everything else, so that a filter without an end can be ended. A bundle of its own: dist/jq-worker.cjs.
import {parentPort, workerData} from 'node:worker_threads'
import jq from 'jq-web'
import type {JqAnswer, JqWorkerData} from './jq-protocol.js'

const {filter} = workerData as JqWorkerData

/** What jq tells on stderr without failing, such as by `debug`: the library warns of it. */
let notes: string[] = []
Object.assign(globalThis, {console: {warn: (...words: unknown[]) => notes.push(String(words.at(-1)))}})

parentPort?.on('message', (json: string) => {
  void answer(json).then(result => parentPort?.postMessage(result))
})

async function answer(json: string): Promise<JqAnswer> {
  notes = []
  try {
    // A blank before the filter: one that begins with a dash is no flag.
    const results = (await jq).raw(json, ` ${filter}`, ['-c']) ?? ''
    return {results, notes: notes.join('\n')}
  } catch (error) {
    return {
      failed: {
        exitCode: textOf(error, 'exitCode', 'number'),
        stderr: textOf(error, 'stderr', 'string') ?? '',
      },
    }
  }
}

function textOf(error: unknown, key: string, type: 'number'): number | undefined
function textOf(error: unknown, key: string, type: 'string'): string | undefined
function textOf(error: unknown, key: string, type: string): unknown {
  const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, key) : undefined
  return typeof value === type ? value : undefined
}
