import {custom} from '@oclif/core/args'
import {parseId} from '../../config/values.js'
import {reader} from '../flags.js'

/** The id of a message in the outbox, which may be left out. */
export function outboxIdArg() {
  return custom<number>({ignoreStdin: true})({
    description: 'The id, as veza outbox list shows it',
    required: false,
    parse: reader(parseId, 'ID'),
  })
}
