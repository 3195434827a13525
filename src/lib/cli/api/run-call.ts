import {VezaError} from '../../errors/veza-error.js'
import type {HttpAnswer, HttpRequest} from '../../http/types.js'
import {rawView} from '../../output/views/raw.js'
import type {Context} from '../context.js'

/** How the answer is shown. */
export interface CallOptions {
  /** All pages of a list, as one list. */
  readonly paginate: boolean
  /** Status and headers, too, on stderr. */
  readonly include: boolean
}

/** Makes a call and shows the data of its answer; nothing where there is none. @throws {VezaError} as every call. */
export async function runCall(
  {api, out}: Context,
  request: HttpRequest,
  options: CallOptions,
): Promise<void> {
  if (options.paginate) {
    if (request.method !== 'GET' || options.include)
      throw new VezaError('usage', '--paginate goes with GET, and without --include')
    return out.listAll(rowsOf(api.raw.pages(request)), rawView)
  }
  const answer = await api.raw.request(request)
  if (options.include) for (const line of headLines(answer)) out.notice(line)
  if (answer.data !== undefined) await out.one(answer.data, rawView)
}

async function* rowsOf(pages: AsyncIterable<readonly unknown[]>): AsyncGenerator<unknown> {
  for await (const rows of pages) yield* rows
}

/** A cookie is a credential. */
function headLines({status, headers}: HttpAnswer): readonly string[] {
  const shown = Object.entries(headers).filter(([name]) => name !== 'set-cookie')
  return [`HTTP ${status}`, ...shown.map(([name, value]) => `${name}: ${value}`)]
}
