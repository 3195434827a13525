import {custom} from '@oclif/core/flags'

/** A flag that may be given several times, each with one text. */
export function textsFlag(text: {
  readonly char?: 'F' | 'H' | 'f'
  readonly summary: string
  readonly helpValue: string
}) {
  // Not greedy: else `--permission read NAME` would take the name for a second permission.
  return custom<string>({multiple: true, multipleNonGreedy: true})({...text, multiple: true})
}

/** A flag that may be given several times, each with one text or several by commas. */
export function textListFlag(text: {readonly summary: string; readonly helpValue: string}) {
  return custom<string>({multiple: true, multipleNonGreedy: true, delimiter: ','})({...text, multiple: true})
}
