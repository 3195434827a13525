import {COMMANDS} from 'veza:commands'
import {asksForHelp, asksForSchema, matchCommand} from './lib/cli/dispatch.js'
import {lightConfig} from './lib/cli/light-config.js'

/**
 * Runs one command line and resolves to its exit code. A command that is known by its words is run at once; help,
 * topics and words that are no command go the long way through oclif, see `help.ts`.
 * @param version the package's version.
 */
export async function main(argv: readonly string[], version: string): Promise<number> {
  if (argv[0] === '__names') {
    const {fetchNames} = await import('./lib/cli/complete/fetch-names.js')
    return fetchNames(argv.slice(1), version)
  }
  const match = matchCommand(argv, new Set(Object.keys(COMMANDS)))
  const load = match === undefined ? undefined : COMMANDS[match.id]
  if (match === undefined || load === undefined || asksForHelp(argv)) {
    const {showHelp} = await import('./help.js')
    return showHelp(argv, new Set(Object.keys(COMMANDS)))
  }
  if (asksForSchema(argv)) {
    const {printJsonSchema} = await import('./lib/cli/json-schema.js')
    return printJsonSchema(match.id)
  }
  const {default: Command} = await load()
  Command.id = match.id
  const command = new Command([...match.rest], lightConfig(version))
  return command.execute()
}
