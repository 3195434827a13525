import {availableParallelism, cpus, loadavg, release, totalmem} from 'node:os'

/** What figures depend on beside the program. The load shows whether the machine had anything else to do. */
export function machineFacts() {
  return {
    date: new Date().toISOString(),
    node: `Node ${process.version}`,
    system: `${process.platform}-${process.arch} ${release()}`,
    processor: cpus()[0]?.model ?? 'unknown processor',
    cores: `${availableParallelism()} cores`,
    memory: `${Math.round(totalmem() / 1024 ** 3)} GiB`,
    load: `load ${loadavg()[0].toFixed(2)} at the start`,
  }
}
