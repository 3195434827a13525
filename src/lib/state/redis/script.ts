/** What Redis answers: texts, whole numbers, nothing, and lists of these. */
export type RedisValue = string | number | null | readonly RedisValue[]

/** A Lua script. All keys it touches are handed to it, so that it may run where keys are spread over several servers. */
export interface Script {
  /** For messages. */
  readonly name: string
  readonly source: string
}
