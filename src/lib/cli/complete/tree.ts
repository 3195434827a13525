/** What a value can be completed with. */
export type ValueKind = 'room' | 'user' | 'profile' | 'file' | 'folder' | 'none' | readonly string[]

/** A flag; without `kind` it is a switch. */
export interface CompletionFlag {
  readonly name: string
  readonly char?: string
  readonly summary: string
  readonly kind?: ValueKind
  readonly multiple?: boolean
}

/** An argument of a command, in its place. */
export interface CompletionArg {
  readonly kind: ValueKind
  readonly multiple?: boolean
}

/** A command; its flags are places in `CompletionTree.flags`, since most are the same for all. */
export interface CompletionCommand {
  readonly summary: string
  readonly args: readonly CompletionArg[]
  readonly flags: readonly number[]
}

/** All that completion knows without a server; the build makes it from the commands, as dist/completion.json. */
export interface CompletionTree {
  /** By id, such as `rooms:get`. */
  readonly commands: Readonly<Record<string, CompletionCommand>>
  /** What the topics are, by id. */
  readonly topics: Readonly<Record<string, string>>
  readonly flags: readonly CompletionFlag[]
}
