import {spawnSync} from 'node:child_process'
import {copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, it, onTestFinished} from 'vitest'
import {DEFINITIONS, type MetricName} from '../../../src/lib/metrics/definitions.js'
import {MetricRegistry} from '../../../src/lib/metrics/registry.js'
import {familiesOf, GROUPS} from './kit.js'

const FOLDER = join(import.meta.dirname, '..', '..', '..', 'docs', 'monitoring')
const read = (file: string): string => readFileSync(join(FOLDER, file), 'utf8')

const ROWS = (Object.keys(DEFINITIONS) as MetricName[]).map(name => {
  const {kind, labels, group, help} = DEFINITIONS[name]
  return `| \`${name}\` | ${kind} | ${labels.map(label => `\`${label}\``).join(', ')} | ${group} | ${help} |`
})

/** The metrics that a text speaks of, without what a histogram adds. */
function metricsIn(text: string): Set<string> {
  const words = text.match(/\b(?:chat_client|veza|process|nodejs)_[a-z0-9_]+\b/g) ?? []
  return new Set(words.map(word => word.replace(/_(?:bucket|sum|count)$/, '')))
}

/** The result of promtool in the folder; undefined where it is not there. */
function promtool(...args: string[]): {status: number | null; text: string} | undefined {
  const {error, status, stdout, stderr} = spawnSync('promtool', args, {cwd: FOLDER, encoding: 'utf8'})
  return error === undefined ? {status, text: `${stdout}${stderr}`} : undefined
}

/** A copy of a configuration beside copies of the rules, for a promtool that is built without Kubernetes, as Debian's is. */
function withoutKubernetes(file: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'veza-monitoring-'))
  onTestFinished(() => rmSync(folder, {recursive: true, force: true}))
  copyFileSync(join(FOLDER, 'alerts.yml'), join(folder, 'alerts.yml'))
  const text = read(file)
  const copy = text.replace(/kubernetes_sd_configs:\n {6}- role: pod\n/, 'static_configs: []\n')
  expect(copy).not.toBe(text)
  writeFileSync(join(folder, file), copy)
  return join(folder, file)
}

describe('docs/monitoring', () => {
  it('README.md has a row for each metric, as the code has it, and no other', () => {
    const rows = read('README.md')
      .split('\n')
      .filter(line => /^\| `(?:chat_client|veza)_/.test(line))
    expect(rows).toEqual(ROWS)
  })

  it.each(['alerts.yml', 'alerts.test.yml', 'grafana-dashboard.json'])(
    '%s asks for what there is',
    async file => {
      const there = new Set(familiesOf(await new MetricRegistry(GROUPS).text()))
      expect([...metricsIn(read(file))].filter(name => !there.has(name))).toEqual([])
    },
  )

  it('the dashboard shows every metric of ours, each panel at a place of its own', () => {
    const dashboard = JSON.parse(read('grafana-dashboard.json'))
    const shown = metricsIn(JSON.stringify(dashboard.panels))
    expect(Object.keys(DEFINITIONS).filter(name => !shown.has(name))).toEqual([])
    const ids = dashboard.panels.map(({id}: {id: number}) => id)
    const places = dashboard.panels.map(
      ({gridPos}: {gridPos: {x: number; y: number}}) => `${gridPos.x} ${gridPos.y}`,
    )
    expect([new Set(ids).size, new Set(places).size]).toEqual([ids.length, ids.length])
  })

  it('each alert has a severity, a summary, a description and a unit test', () => {
    const rules = read('alerts.yml')
      .split(/^ {6}- alert: /m)
      .slice(1)
    expect(rules.length).toBeGreaterThan(5)
    const tests = read('alerts.test.yml')
    for (const rule of rules) {
      const [name] = rule.split('\n')
      expect(rule).toMatch(/severity: (?:critical|warning)\n[\s\S]*summary: .+\n[\s\S]*description: .+\n/)
      expect(tests).toContain(`alertname: ${name}\n`)
    }
  })

  it('the rules, their tests and the example of a configuration pass promtool', context => {
    const checked = promtool('check', 'rules', 'alerts.yml')
    context.skip(checked === undefined, 'promtool is not there')
    expect(checked).toMatchObject({status: 0})
    expect(promtool('check', 'config', 'prometheus.yml')).toMatchObject({status: 0})
    expect(promtool('check', 'config', withoutKubernetes('prometheus-pods.yml'))).toMatchObject({status: 0})
    expect(promtool('test', 'rules', 'alerts.test.yml')).toMatchObject({status: 0})
  })
})
