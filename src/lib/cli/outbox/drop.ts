import {VezaError} from '../../errors/veza-error.js'
import type {Io} from '../../output/io.js'
import {confirm} from '../confirm.js'
import type {Context} from '../context.js'
import {counted} from '../ending.js'
import {withOwnOutbox} from './open.js'

/** What is to be dropped. */
export interface DropChoice {
  readonly id: number | undefined
  readonly all: boolean
  /** Do not ask. */
  readonly yes: boolean
}

/**
 * Takes messages out of the outbox without sending them, and says how many. Not while a flush may be sending them.
 * @throws {VezaError} `usage` without exactly one of id and all; `not_found` for an id that does not wait for this server; as
 * `confirm` and `withOwnOutbox`.
 */
export async function drop(context: Context, io: Io, {id, all, yes}: DropChoice): Promise<void> {
  if ((id === undefined) !== all)
    throw new VezaError('usage', 'what is to be dropped? Give the id of a message, or --all', {
      hint: 'veza outbox list shows the ids',
    })
  let ids: number[] = []
  await withOwnOutbox(context, async outbox => {
    const waiting = outbox.list().map(entry => entry.id)
    ids = all ? waiting : waiting.filter(candidate => candidate === id)
    if (ids.length > 0) await confirm(context, io, `drop ${counted(ids.length, 'unsent message')}`, yes)
    for (const each of ids) outbox.remove(each)
  })
  if (id !== undefined && ids.length === 0)
    throw new VezaError('not_found', `no message ${id} waits for ${context.settings.server}`, {
      hint: 'veza outbox list shows what does',
    })
  await context.out.data({dropped: ids})
  context.out.notice(`dropped ${counted(ids.length, 'message')}`)
}
