import {spawnSync} from 'node:child_process'
import {chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {onTestFinished} from 'vitest'
import {type Home, type Running, startProcess, VEZA} from '../../support/veza.js'

/** Shells that completion is tried in. */
export type RealShell = 'bash' | 'zsh' | 'fish'

/** Whether a shell is on this machine. */
export function hasShell(shell: RealShell): boolean {
  return spawnSync(shell, ['-c', 'exit 0']).status === 0
}

/** Has names kept as completion would, so that no test hangs on the second it waits for them. */
export async function fetchNames(
  home: Home,
  kind: string,
  prefix = '',
  env: NodeJS.ProcessEnv = {},
): Promise<void> {
  const {code, stdout, stderr} = await home.run(['__names', kind, prefix, '', ''], {env})
  if (code !== 0) throw new Error(`no names: ${code} ${stdout}${stderr}`)
}

/** What each runs first; `#` begins a word in zsh as in the others. */
const START: Readonly<
  Record<RealShell, {readonly file: string; readonly text: string; readonly command: string}>
> = {
  bash: {
    file: 'rc',
    text: "PS1='> '; bind 'set bell-style none'; source <(veza completion bash); echo RE''ADY\n",
    command: 'bash --noprofile --rcfile rc -i',
  },
  zsh: {
    file: '.zshrc',
    text: "PS1='> '; unsetopt beep; autoload -Uz compinit; compinit -u -D; source <(veza completion zsh); echo RE''ADY\n",
    command: 'zsh -d -i',
  },
  fish: {
    file: 'start.fish',
    text: "function fish_prompt; echo '> '; end; veza completion fish | source; echo RE''ADY\n",
    command: 'fish --no-config -i -C "source start.fish"',
  },
}

/** A shell at a terminal, with the completion of veza loaded. */
export class ShellSession {
  readonly #running: Running
  #runs = 0

  private constructor(
    running: Running,
    readonly folder: string,
  ) {
    this.#running = running
  }

  /**
   * Starts it in an empty folder, but for `files`. The `veza` it finds answers completion as ever and otherwise
   * only prints the arguments it got.
   */
  static async start(
    shell: RealShell,
    env: NodeJS.ProcessEnv,
    files: readonly string[] = [],
  ): Promise<ShellSession> {
    const folder = mkdtempSync(join(tmpdir(), 'veza-shell-'))
    onTestFinished(() => rmSync(folder, {recursive: true, force: true}))
    const bin = join(folder, '.bin')
    mkdirSync(bin)
    writeFileSync(join(bin, 'veza'), wrapper())
    chmodSync(join(bin, 'veza'), 0o755)
    const {file, text, command} = START[shell]
    writeFileSync(join(folder, file), text)
    for (const name of files) writeFileSync(join(folder, name), '')
    const shellEnv = {
      ...env,
      PATH: `${bin}:${env.PATH}`,
      ZDOTDIR: folder,
      LC_ALL: 'C.UTF-8',
      // Fish asks a better terminal what it can do, and waits for its answer.
      TERM: shell === 'fish' ? 'dumb' : 'xterm',
    }
    const running = startProcess(
      'script',
      ['-qec', `cd '${folder}'; stty cols 200 rows 50; exec ${command}`, '/dev/null'],
      shellEnv,
      'open',
    )
    await running.sees('stdout', 'READY')
    return new ShellSession(running, folder)
  }

  /** Types a beginning, presses tab and enter; resolves to the arguments that the command got. */
  async complete(line: string): Promise<string[]> {
    this.#runs += 1
    this.#running.child.stdin.write(`${line}\t\r`)
    const text = await this.#running.sees('stdout', new RegExp(`(?:GOT[^]*?TOG[^]*){${this.#runs}}`))
    const [, json = ''] = [...text.matchAll(/GOT(.*?)TOG/g)].at(-1) ?? []
    return JSON.parse(json) as string[]
  }
}

function wrapper(): string {
  const veza = VEZA.map(word => `'${word}'`).join(' ')
  const [node] = VEZA
  return `#!/bin/sh
case $1 in
  __complete|completion) exec ${veza} "$@" ;;
esac
exec '${node}' -e 'console.log("GOT" + JSON.stringify(process.argv.slice(1)) + "TOG")' -- "$@"
`
}
