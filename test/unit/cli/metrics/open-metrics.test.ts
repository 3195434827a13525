import {mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect, it, onTestFinished} from 'vitest'
import type {Context} from '../../../../src/lib/cli/context.js'
import {openMetrics} from '../../../../src/lib/cli/metrics/open-metrics.js'
import {noMetrics} from '../../../../src/lib/metrics/metrics.js'
import {figure} from '../../metrics/kit.js'
import {printerOf} from '../../output/capture.js'

function contextOf(variables: Record<string, string> = {}) {
  const {printer: out, stderr} = printerOf()
  const ending = new AbortController()
  const context: Pick<Context, 'environment' | 'out' | 'signal'> = {
    environment: {get: name => variables[name]},
    out,
    signal: ending.signal,
  }
  return {context, stderr, ending}
}

function metricsFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'veza-metrics-'))
  onTestFinished(() => rmSync(folder, {recursive: true, force: true}))
  return join(folder, 'mine.prom')
}

const ANY = {host: '127.0.0.1', port: 0}

it('is nothing where neither flag nor variable asks for it', async () => {
  const {context, stderr} = contextOf()
  const {metrics, close} = await openMetrics(context, {}, ['client'])
  await close()
  expect([metrics, stderr.text]).toEqual([noMetrics, ''])
})

it('listens, says where, and closes', async () => {
  const {context, stderr} = contextOf()
  const {metrics, close} = await openMetrics(context, {'metrics-listen': ANY}, ['client'])
  const url = /^metrics: (http:\/\/127\.0\.0\.1:\d+\/metrics)\n$/.exec(stderr.text)?.[1] ?? ''
  metrics.add('veza_feed_late_total', {}, 3)
  expect(figure(await (await fetch(url)).text(), 'veza_feed_late_total')).toBe(3)
  await close()
  await expect(fetch(url)).rejects.toThrow('fetch failed')
})

it('is not ready any more from the signal on, whatever the command says', async () => {
  const {context, stderr, ending} = contextOf()
  const {metrics, close} = await openMetrics(context, {'metrics-listen': ANY}, [])
  onTestFinished(close)
  metrics.readyWhen(() => true)
  const url = /^metrics: (\S+)\/metrics\n$/.exec(stderr.text)?.[1] ?? ''
  const look = async () => [
    (await fetch(`${url}/readyz`)).status,
    figure(await (await fetch(`${url}/metrics`)).text(), 'veza_ready'),
  ]
  expect(await look()).toEqual([200, 1])
  ending.abort()
  expect(await look()).toEqual([503, 0])
  expect((await fetch(`${url}/healthz`)).status).toBe(200)
})

it('writes a file, whose values have its name, up to the end', async () => {
  const file = metricsFile()
  const {context, stderr} = contextOf()
  const {metrics, close} = await openMetrics(context, {'metrics-file': file}, ['client'])
  const late = (): number | undefined =>
    figure(readFileSync(file, 'utf8'), 'veza_feed_late_total{source="mine"}')
  expect([late(), stderr.text]).toEqual([0, ''])
  metrics.add('veza_feed_late_total', {}, 2)
  await close()
  expect(late()).toBe(2)
})

it('warns of a name that the textfile collector does not read', async () => {
  const file = metricsFile().replace('.prom', '.txt')
  const {context, stderr} = contextOf()
  const {close} = await openMetrics(context, {'metrics-file': file}, [])
  await close()
  expect(stderr.text).toBe(
    `warning: the textfile collector reads names that end in .prom only, ${file} does not\n`,
  )
  expect(readFileSync(file, 'utf8')).toContain('veza_ready{source="mine.txt"} 0')
})

it('takes both from the variables, and a flag before its variable', async () => {
  const [file, other] = [metricsFile(), metricsFile()]
  const {context, stderr} = contextOf({VEZA_METRICS_LISTEN: ':0', VEZA_METRICS_FILE: file})
  const {close} = await openMetrics(context, {'metrics-file': other}, ['sandbox'])
  await close()
  expect(stderr.text).toMatch(/^metrics: http:\/\/127\.0\.0\.1:/)
  expect(readFileSync(other, 'utf8')).toContain('veza_sandbox_messages_total')
  expect(() => readFileSync(file)).toThrow('ENOENT')
})

it('names the variable that is wrong', async () => {
  const {context} = contextOf({VEZA_METRICS_LISTEN: 'everywhere'})
  await expect(openMetrics(context, {}, [])).rejects.toMatchObject({
    code: 'usage',
    message: 'VEZA_METRICS_LISTEN wants HOST:PORT',
  })
})

it('listens no more where the file cannot be had', async () => {
  const {context} = contextOf()
  const probe = await openMetrics(context, {'metrics-listen': ANY}, [])
  await probe.close()
  const request = {'metrics-listen': ANY, 'metrics-file': '/nowhere/mine.prom'}
  await expect(openMetrics(context, request, [])).rejects.toMatchObject({code: 'usage'})
})
