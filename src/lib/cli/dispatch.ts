/** A command found in the words of a command line. */
export interface Match {
  readonly id: string
  /** What follows the command's own words. */
  readonly rest: readonly string[]
}

/** The command whose words begin `argv`, the longest one: `messages send` before `messages`. */
export function matchCommand(argv: readonly string[], ids: ReadonlySet<string>): Match | undefined {
  const firstFlag = argv.findIndex(word => word.startsWith('-'))
  const words = firstFlag === -1 ? argv : argv.slice(0, firstFlag)
  for (let length = Math.min(words.length, 3); length > 0; length -= 1) {
    const id = words.slice(0, length).join(':')
    if (ids.has(id)) return {id, rest: argv.slice(length)}
  }
  return undefined
}

/** Whether help is asked for: `--help` or `-h` anywhere before `--`. */
export function asksForHelp(argv: readonly string[]): boolean {
  return hasFlag(argv, '--help') || hasFlag(argv, '-h')
}

/** Whether the schema of a command's output is asked for. */
export function asksForSchema(argv: readonly string[]): boolean {
  return hasFlag(argv, '--json-schema')
}

function hasFlag(argv: readonly string[], flag: string): boolean {
  const end = argv.indexOf('--')
  return argv.slice(0, end === -1 ? argv.length : end).includes(flag)
}

/** Whether the words name a topic, such as `rooms` or `auth keys`: then its help is shown. */
export function isTopic(words: readonly string[], ids: ReadonlySet<string>): boolean {
  const prefix = `${words.join(':')}:`
  return [...ids].some(id => id.startsWith(prefix))
}
