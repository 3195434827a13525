import type {ExportPlace} from '../../export/types.js'
import type {Stage} from '../../export/work.js'
import type {StatusLine} from '../../output/status-line.js'

const WORDS: Readonly<Record<Stage, string>> = {
  reading: 'reading history',
  writing: 'writing records',
  'looking again': 'looking for changes',
  files: 'fetching files',
  page: 'making the page',
}

/** Tells what an export of a place is doing, such as `general: reading history, 300 of 12000`. */
export function stageTeller(line: StatusLine, {name}: ExportPlace) {
  return (stage: Stage, done: number, total?: number): void => {
    line.show(`${name}: ${WORDS[stage]}, ${total === undefined ? done : `${done} of ${total}`}`)
  }
}
