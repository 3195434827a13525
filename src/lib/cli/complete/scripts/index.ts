import type {Shell} from '../answer.js'
import {BASH} from './bash.js'
import {FISH} from './fish.js'
import {POWERSHELL} from './powershell.js'
import {ZSH} from './zsh.js'

/** What each shell is to run, once in a session, so that it asks veza for completion. */
export const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: BASH,
  zsh: ZSH,
  fish: FISH,
  powershell: POWERSHELL,
}
