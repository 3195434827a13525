import {join} from 'node:path'
import {Config} from '@oclif/core/config'
import {run} from '@oclif/core/run'
import {asksForHelp, isTopic, matchCommand} from './lib/cli/dispatch.js'
import {nearest} from './lib/cli/nearest.js'
import {openPrinter} from './lib/cli/open-printer.js'
import {processEnvironment} from './lib/config/environment.js'
import {EXIT} from './lib/errors/catalogue.js'
import {VezaError} from './lib/errors/veza-error.js'
import {createIo} from './lib/output/io.js'

/**
 * What is no command to run: `veza`, `veza --help`, `veza rooms`, `veza rooms get --help`, `veza help rooms get`, and
 * words that name nothing. Resolves to the exit code.
 */
export async function showHelp(argv: readonly string[], ids: ReadonlySet<string>): Promise<number> {
  const words = argv[0] === 'help' ? [...argv.slice(1), '--help'] : [...argv]
  if (!isHelp(words, ids)) return refuse(argv, ids)
  // The package's root: this file is bundled into dist/.
  const config = await Config.load({root: join(__dirname, '..')})
  await run(words, config)
  return EXIT.done
}

/** Nothing at all, a topic alone, or `--help` with or without a topic or command before it. */
function isHelp(words: readonly string[], ids: ReadonlySet<string>): boolean {
  const firstFlag = words.findIndex(word => word.startsWith('-'))
  const names = firstFlag === -1 ? words : words.slice(0, firstFlag)
  const asked = words.length === 0 || asksForHelp(words)
  if (names.length === 0) return asked
  if (isTopic(names, ids)) return asked || firstFlag === -1
  return asked && matchCommand(names, ids) !== undefined
}

/** The words are not repeated, as in every error: one of them may be a secret in the wrong place. */
async function refuse(argv: readonly string[], ids: ReadonlySet<string>): Promise<number> {
  const io = createIo({stdin: process.stdin, stdout: process.stdout, stderr: process.stderr})
  const hint = hintFor(
    argv,
    [...ids].map(id => id.replaceAll(':', ' ')),
  )
  const error = new VezaError('usage', 'there is no such command', {hint})
  openPrinter({io, environment: processEnvironment()}, {json: argv.includes('--json')}).error(error)
  await io.flush()
  return error.exitCode
}

function hintFor(argv: readonly string[], commands: readonly string[]): string {
  const words = argv.filter(word => !word.startsWith('-'))
  const topic = commands.find(command => command.startsWith(`${words[0]} `))?.split(' ')[0]
  // `rooms` is a topic and the end of `relay rooms`: what was typed first is the topic.
  const verb = commands.find(command => command.endsWith(` ${words[0]}`))
  const suggestion = nearestCommand(words, commands) ?? (topic === undefined ? verb : undefined)
  if (suggestion !== undefined) return `did you mean: veza ${suggestion}`
  if (argv[0]?.startsWith('-')) return 'flags go behind the command; see veza --help'
  return topic === undefined ? 'see veza --help' : `see veza ${topic} --help`
}

/** By as many words as name a command or a topic: what comes behind them are arguments. */
function nearestCommand(words: readonly string[], commands: readonly string[]): string | undefined {
  const names = commands.map(command => command.split(' '))
  for (let count = Math.min(words.length, 3); count > 0; count -= 1) {
    const known = new Set(
      names.filter(name => name.length >= count).map(name => name.slice(0, count).join(' ')),
    )
    const typed = words.slice(0, count).join(' ')
    const near = nearest(typed.toLowerCase(), [...known])
    if (near !== undefined && near !== typed) return near
  }
  return undefined
}
