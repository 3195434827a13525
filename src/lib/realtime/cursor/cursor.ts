import {VezaError} from '../../errors/veza-error.js'
import type {Channel} from '../channel.js'
import {ChannelProgress, type Progress, type Resumption} from './channel-progress.js'
import {type CursorOwner, parseCursor, renderCursor} from './cursor-text.js'

/**
 * What of each channel has left the process, so that a later run goes on exactly there.
 *
 * For each message of a feed, also one that a filter holds back: `taken` before anything is done with it, `done` when it
 * is of no more concern (its record has been written, its hook has ended), in any order. For each checkpoint of the feed:
 * `checkpoint`, at its place among the messages. What is taken and not done comes again in a later run; what is done
 * does not; nothing else is missed. All of it costs a push a message.
 *
 * The promise of a channel begins with its first checkpoint, which a feed gives before everything else, or its first
 * `taken`: a later run then gets everything after that place. Of what was before, such as in a run that was killed before
 * it was live, a later run knows nothing and begins as if it were the first. So keep the text after the first checkpoint,
 * before anything is printed or called live.
 */
export class Cursor {
  readonly #owner: CursorOwner
  readonly #channels = {room: new Map<number, ChannelProgress>(), dm: new Map<number, ChannelProgress>()}

  /** A cursor that knows nothing yet. */
  constructor(owner: CursorOwner, channels: readonly (readonly [Channel, Progress])[] = []) {
    this.#owner = owner
    for (const [{kind, id}, progress] of channels) this.#channels[kind].set(id, new ChannelProgress(progress))
  }

  /**
   * The cursor that `render` wrote; a new one where the text is empty, as that of a file made by `touch` is.
   * @param path names the file in errors.
   * @param owner who reads now.
   * @throws {VezaError} `config` when the text is damaged or of a later version; `usage` when it belongs to another
   * server or account: ids mean nothing there.
   */
  static parse(text: string, path: string, owner: CursorOwner): Cursor {
    const content = parseCursor(text, path)
    if (content === undefined) return new Cursor(owner)
    assertSame(content.owner, owner, path)
    const {userId, username} = content.owner
    const known = {server: owner.server, userId: owner.userId ?? userId, username: owner.username ?? username}
    return new Cursor(known, content.channels)
  }

  /** Where a feed of the channel goes on; undefined when this cursor knows nothing of the channel. */
  start(channel: Channel): Resumption | undefined {
    return this.#channels[channel.kind].get(channel.id)?.resumption
  }

  /** A message was taken from the feed. */
  taken(channel: Channel, id: number): void {
    this.#progress(channel).taken(id)
  }

  /** A message that was taken is not wanted again. */
  done(channel: Channel, id: number): void {
    this.#progress(channel).done(id)
  }

  /** All up to this id has been taken, or is not wanted. Counts from when all that was taken so far is done. */
  checkpoint(channel: Channel, id: number): void {
    this.#progress(channel).checkpoint(id)
  }

  /** The cursor as a text. Costs little however much it holds, as long as little of it has changed since the last time. */
  render(): string {
    const {room, dm} = this.#channels
    const channels = [...listed('room', room), ...listed('dm', dm)]
    return renderCursor({owner: this.#owner, channels})
  }

  #progress({kind, id}: Channel): ChannelProgress {
    const channels = this.#channels[kind]
    let progress = channels.get(id)
    if (progress === undefined) {
      progress = new ChannelProgress()
      channels.set(id, progress)
    }
    return progress
  }
}

function listed(
  kind: Channel['kind'],
  channels: ReadonlyMap<number, ChannelProgress>,
): [Channel, Progress][] {
  return [...channels].flatMap(([id, {progress}]) => (progress === undefined ? [] : [[{kind, id}, progress]]))
}

function assertSame(theirs: CursorOwner, ours: CursorOwner, path: string): void {
  if (theirs.server !== ours.server) {
    throw new VezaError('usage', `${path} belongs to another server: ${theirs.server}`, {
      hint: `take another cursor for ${ours.server}, or go on there with --server`,
    })
  }
  if (isSameAccount(theirs, ours)) return
  const name = theirs.username ?? `the user with the id ${theirs.userId}`
  throw new VezaError('usage', `${path} belongs to another account: ${name}`, {
    hint: 'take another cursor for this account, or sign in as that one',
  })
}

/** What is not known of both does not tell them apart. */
function isSameAccount(one: CursorOwner, other: CursorOwner): boolean {
  if (one.userId !== undefined && other.userId !== undefined) return one.userId === other.userId
  if (one.username === undefined || other.username === undefined) return true
  return one.username.toLowerCase() === other.username.toLowerCase()
}
