import type {Masker} from './masker.js'
import {isSecretName} from './secret-values.js'

const MASK = '***'

/** A command and its arguments as one line, as a shell would take it, without what is secret in it. */
export function maskedCommandLine(argv: readonly string[], masker: Masker): string {
  return argv.map((word, index) => quoted(masked(word, argv[index - 1], masker))).join(' ')
}

/** `--token=x`, `TOKEN=x` and the word after `--token` are secret by their names. */
function masked(word: string, previous: string | undefined, masker: Masker): string {
  const [, name = '', value] = /^(-{0,2}[\w.-]+)=(.*)$/s.exec(word) ?? []
  if (value && isSecretName(name.replace(/^-+/, ''))) return `${name}=${MASK}`
  const flag = /^--?([\w-]+)$/.exec(previous ?? '')?.[1]
  if (flag !== undefined && isSecretName(flag) && !word.startsWith('-')) return MASK
  return masker.mask(word)
}

function quoted(word: string): string {
  return /^[\w@%+=:,./*-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
