import {type Ended, type Home, startProcess, VEZA} from '../../support/veza.js'

/** Root reads and writes everything: without these capabilities the modes of files hold for it, too. */
const OBEY_MODES = [
  '--bounding-set',
  '-dac_override,-dac_read_search',
  '--inh-caps',
  '-dac_override,-dac_read_search',
]

/** Runs a command for which the modes of files hold, as they do for anyone but root. */
export function runUnprivileged(home: Home, args: readonly string[], stdin = ''): Promise<Ended> {
  if (process.getuid?.() !== 0) return home.run(args, {stdin})
  return startProcess('setpriv', [...OBEY_MODES, ...VEZA, ...args], home.env, stdin).ended
}
