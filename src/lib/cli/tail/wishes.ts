import {parseUserReference} from '../args.js'
import type {Context} from '../context.js'
import {cursorOwner} from '../cursor-owner.js'
import type {FilterOptions, Person} from './filters.js'
import type {Plan, TailRequest} from './plan.js'

/** Finds the account in use, once however often it is asked for. */
export type FindAccount = () => Promise<Required<Person>>

/** Asks for the account in use when it is first wanted. */
export function accountFinder(context: Context): FindAccount {
  let account: Promise<Required<Person>> | undefined
  return () => {
    account ??= ownAccount(context)
    return account
  }
}

/** By the session where that tells, and only where it does not, as with an API key, by the server. */
async function ownAccount(context: Context): Promise<Required<Person>> {
  const {userId, username} = await cursorOwner(context)
  if (userId !== undefined && username !== undefined) return {id: userId, username}
  const user = await context.api.users.me()
  return {id: user.id, username: user.username}
}

/**
 * What messages are wanted, with the people that the request names.
 * @throws {VezaError} `not_found` for a name no user has.
 */
export async function wishesOf(
  context: Context,
  request: TailRequest,
  plan: Plan,
  me: FindAccount,
): Promise<FilterOptions> {
  const {from, mentions} = request
  return {
    from: from && (await peopleOf(context, from, me)),
    notFrom: request['not-from-me'] ? await me() : undefined,
    mentioned: mentions ? await me() : undefined,
    pattern: plan.pattern,
    replyTo: request['reply-to'],
  }
}

async function peopleOf(
  context: Context,
  texts: readonly string[],
  me: FindAccount,
): Promise<readonly Person[]> {
  const people: Person[] = []
  for (const text of texts) people.push(text === 'me' ? await me() : await personOf(context, text))
  return people
}

async function personOf(context: Context, text: string): Promise<Person> {
  const reference = parseUserReference(text, '--from')
  const id = await context.userId(reference)
  return 'name' in reference ? {id, username: reference.name} : {id}
}
