// Contenders that do the same job against the same server, one after the other in each round.
import {measure, measurePeak} from './measure.mjs'
import {ratio, summary} from './stats.mjs'

/**
 * Runs each contender once for its peak memory, which also warms what can be warm, then `rounds` times in turn, so that
 * what slows the machine slows all of them.
 * @param contenders by name {command, options, before?(), after?(stdout)}: options as of `measure`, `after` throws when the
 * output is not what it should be
 * @returns {Promise<{runs: Record<string, object[]>, peaks: Record<string, number>}>}
 */
export async function inTurn(contenders, rounds) {
  const peaks = {}
  const runs = {}
  for (const [name, contender] of Object.entries(contenders)) {
    peaks[name] = (await runOnce(contender, measurePeak)).peakKiB
    runs[name] = []
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, contender] of Object.entries(contenders))
      runs[name].push(await runOnce(contender, measure))
  }
  return {runs, peaks}
}

async function runOnce({command, options, before, after}, measured) {
  await before?.()
  const {stdout, ...figures} = await measured(command, options)
  await after?.(stdout)
  return figures
}

/** Medians of each contender. */
export function contenderRows({runs, peaks}) {
  return Object.entries(runs).map(([name, figures]) => {
    const of = field => summary(figures.map(run => run[field]))
    return {name, runs: figures.length, wallMs: of('wallMs'), cpuMs: of('cpuMs'), peakKiB: peaks[name]}
  })
}

/**
 * One contender over another.
 * @param target what is to be reached, {of: 'wall' or 'CPU', atMost}; undefined: for comparison only
 */
export function ratioRow({runs, peaks}, ours, baseline, target) {
  const of = field => ratio(...[ours, baseline].map(name => runs[name].map(run => run[field])))
  const [wall, cpu] = [of('wallMs'), of('cpuMs')]
  const measured = target?.of === 'CPU' ? cpu : wall
  const met = target === undefined ? undefined : measured.ratio <= target.atMost
  return {ours, baseline, wall, cpu, memory: peaks[ours] / peaks[baseline], target, met}
}

/** An amount of memory that has to stay below a limit. */
export function memoryCheck(name, kib, limitMiB) {
  const mib = kib / 1024
  return {name, value: `${mib.toFixed(0)} MiB`, target: `< ${limitMiB} MiB`, met: mib < limitMiB}
}
