import {durationFlag, integerFlag, textFlag} from '../flags.js'

const HOOKS = {helpGroup: 'HOOK'}

/** The flags of every command that runs hooks. @param records what a hook is run for, in words. */
export function hookFlags(records: {readonly one: string; readonly many: string}) {
  return {
    exec: textFlag({
      ...HOOKS,
      summary: `Run this shell command for each ${records.one} instead of printing it`,
      helpValue: 'COMMAND',
    }),
    'max-parallel': integerFlag(
      'max-parallel',
      {...HOOKS, summary: 'So many commands at once; 1 by default, which keeps the order'},
      1,
      1000,
    ),
    'hook-timeout': durationFlag('hook-timeout', {
      ...HOOKS,
      summary: 'Stop a command after so long, 60s by default',
    }),
    'hook-retries': integerFlag(
      'hook-retries',
      {...HOOKS, summary: 'Tries after a failed one, 2 by default'},
      0,
      100,
    ),
    'dead-letter': textFlag({
      ...HOOKS,
      summary: `Append ${records.many} whose command keeps failing to this file and go on, instead of ending`,
      helpValue: 'FILE',
    }),
  }
}
