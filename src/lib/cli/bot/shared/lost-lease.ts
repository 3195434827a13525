/** Another bot of the group has the channel by now, and answers what this one was about to. */
export class LostLease extends Error {
  override readonly name = 'LostLease'
}
