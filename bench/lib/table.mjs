import {quantile} from './stats.mjs'

const number = (value, digits) => (value === undefined ? '' : value.toFixed(digits))
const ms = value => number(value, value >= 1000 ? 0 : 1)
const mib = kib => number(kib === undefined ? undefined : kib / 1024, 0)
const spread = figure =>
  figure === undefined ? '' : `${number(figure.ratio, 2)} (${number(figure.q1, 2)}-${number(figure.q3, 2)})`

const target = atMost => atMost.toFixed(Number.isInteger(atMost * 10) ? 1 : 2)

const CONTENDERS = [
  ['', row => row.name],
  ['wall ms', row => ms(row.wallMs.median)],
  ['quartiles', row => `${ms(row.wallMs.q1)}-${ms(row.wallMs.q3)}`],
  ['CPU ms', row => ms(row.cpuMs.median)],
  ['peak MiB', row => mib(row.peakKiB)],
  ['runs', row => String(row.runs)],
]

const RATIOS = [
  ['', row => `${row.ours} over ${row.baseline}`],
  ['wall (quartiles)', row => spread(row.wall)],
  ['CPU (quartiles)', row => spread(row.cpu)],
  ['memory', row => number(row.memory, 2)],
  ['target', row => (row.target === undefined ? '' : `${row.target.of} ≤ ${target(row.target.atMost)}`)],
  ['met', row => (row.met === undefined ? '' : row.met ? 'yes' : 'NO')],
]

const LATENCIES = [
  ['', row => row.name],
  ['p50 ms', row => number(quantile(row.values, 0.5), 2)],
  ['p90 ms', row => number(quantile(row.values, 0.9), 2)],
  ['p99 ms', row => number(quantile(row.values, 0.99), 2)],
  ['most ms', row => number(Math.max(...row.values), 2)],
  ['messages', row => String(row.values.length)],
]

const RATES = [
  ['', row => row.name],
  ['rooms', row => String(row.rooms)],
  ['messages/s', row => number(row.perSecond.median, 0)],
  ['quartiles', row => `${number(row.perSecond.q1, 0)}-${number(row.perSecond.q3, 0)}`],
  ['CPU µs a message', row => number(row.cpuUs.median, 1)],
  ['of Redis', row => number(row.redisUs.median, 1)],
  ['ready after ms', row => ms(row.readyMs)],
  ['CPU ms until then', row => number(row.readyCpuMs, 0)],
  ['peak MiB', row => mib(row.peakKiB)],
  ['runs', row => String(row.runs)],
]

const CHECKS = [
  ['', row => row.name],
  ['value', row => row.value],
  ['target', row => row.target ?? ''],
  ['met', row => (row.met === undefined ? '' : row.met ? 'yes' : 'NO')],
]

/** One benchmark as Markdown, so that it can go into the documentation as it is. */
export function report({title, contenders, ratios, latencies = [], rates = [], checks}) {
  const tables = [
    [CONTENDERS, contenders],
    [RATIOS, ratios],
    [LATENCIES, latencies],
    [RATES, rates],
    [CHECKS, checks],
  ]
  const parts = tables.filter(([, rows]) => rows.length > 0).map(([columns, rows]) => table(columns, rows))
  return `${[`## ${title}`, ...parts].join('\n\n')}\n`
}

function table(columns, rows) {
  const lines = [columns.map(([head]) => head), ...rows.map(row => columns.map(([, cell]) => cell(row)))]
  const widths = columns.map((_, column) => Math.max(3, ...lines.map(line => line[column].length)))
  const print = cells =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join(' | ')} |`
  const rule = `| ${widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`
  return [print(lines[0]), rule, ...lines.slice(1).map(print)].join('\n')
}
