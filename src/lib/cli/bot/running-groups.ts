import type {ProcessGroup} from '../hooks/process-group.js'

/** The processes that are running, so that none outlives this process: a second Ctrl-C ends it at once. */
export interface RunningGroups {
  add(group: ProcessGroup): void
  delete(group: ProcessGroup): void
  /** From now on they may. */
  release(): void
}

/** Keeps track of processes until this process ends; what runs then gets SIGTERM. */
export function trackGroups(source: Pick<NodeJS.Process, 'on' | 'off'>): RunningGroups {
  const groups = new Set<ProcessGroup>()
  const onExit = (): void => {
    for (const group of groups) group.signal('SIGTERM')
  }
  source.on('exit', onExit)
  return {
    add: group => void groups.add(group),
    delete: group => void groups.delete(group),
    release: () => void source.off('exit', onExit),
  }
}
