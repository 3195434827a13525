import {custom} from '@oclif/core/args'
import {custom as customFlag} from '@oclif/core/flags'
import {OWN_STDIN} from '../args.js'
import {reader} from '../flags.js'
import {parseSha256} from './check-hash.js'
import {type FileReference, parseFileReference} from './file-reference.js'

/** One or more files of the server. */
export function fileReferencesArg(description: string) {
  return custom<FileReference>({...OWN_STDIN})({
    description,
    required: true,
    multiple: true,
    parse: reader(parseFileReference, 'FILE'),
  })
}

/** A flag for a SHA-256 in hex. */
export function sha256Flag(summary: string) {
  return customFlag<string>({summary, helpValue: 'HEX', parse: reader(parseSha256, '--sha256')})()
}
