import {VezaCommand} from '../lib/cli/base-command.js'
import {aborted, Ending} from '../lib/cli/ending.js'
import {durationFlag, integerFlag, outputFlags, switchFlag, textFlag, wordFlag} from '../lib/cli/flags.js'
import {textsFlag} from '../lib/cli/list-flags.js'
import {logFlags} from '../lib/cli/log-format.js'
import {metricsFlags} from '../lib/cli/metrics/flags.js'
import {openMetrics} from '../lib/cli/metrics/open-metrics.js'
import {meterSandbox} from '../lib/cli/metrics/sandbox-metrics.js'

const DEFAULT_PORT = 8080

/** What `--json` prints. */
export interface Output {
  readonly url: string
  readonly port: number
}

/** `veza sandbox`: a server to try things on. */
export default class Sandbox extends VezaCommand<void> {
  static override summary = 'Start a chat server to try things on and to test scripts against'
  static override description =
    'Serves the whole API on this machine only, with the users admin, alice, bob and bot, each with the password ' +
    'NAME-pass, and the room general. Anyone who reaches it can sign in: it is no server for real messages. ' +
    'With --json its address is printed on stdout. Access tokens are signed with VEZA_JWT_SECRET where that is set. ' +
    'With --fault things go wrong, so that a script can be tested against it: drop:ratio=0.01 cuts all WebSockets at ' +
    'one broadcast in a hundred, hang:count=3:for=10s:path=/rooms leaves three calls without an answer. ' +
    'docs/sandbox.md lists every fault.'
  static override baseFlags = outputFlags
  static override flags = {
    port: integerFlag('port', {summary: 'Port to listen on, 8080 by default, 0 for any free one'}, 0, 65_535),
    host: textFlag({summary: 'Address to listen on, 127.0.0.1 by default', helpValue: 'ADDRESS'}),
    dialect: wordFlag('dialect', ['guide', 'reference'], {
      summary: 'Which description of the API to follow, reference by default',
    }),
    data: textFlag({
      summary: 'Keep everything in this file; without it all is gone at the end',
      helpValue: 'FILE',
    }),
    'token-ttl': durationFlag('token-ttl', {summary: 'How long an access token lasts, 15m by default'}),
    limits: switchFlag({summary: 'Limit the rate of calls as the real server does'}),
    fault: textsFlag({
      summary: 'Arm a fault: a kind, then options, see docs/sandbox.md; may be repeated',
      helpValue: 'KIND[:OPTION=VALUE]...',
    }),
    'fault-seed': integerFlag(
      'fault-seed',
      {summary: 'What the chance of faults is drawn from, to repeat it'},
      0,
      2 ** 32 - 1,
    ),
    control: switchFlag({summary: 'Open /sandbox/faults, which arms, shows and clears faults'}),
    'max-upload': integerFlag('max-upload', {summary: 'Largest file in bytes, 100 MiB by default'}, 1),
    ...metricsFlags,
    ...logFlags,
  }
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --port 0 --data ./chat.db --dialect guide',
    '<%= config.bin %> <%= command.id %> --fault reset_after:method=POST:count=3 --control',
  ]

  readonly #ending = new Ending()
  #resume: string | undefined

  async run(): Promise<void> {
    const {flags} = await this.parse(Sandbox)
    const {parseFault, showFault, startSandbox} = await import('../sandbox/index.js')
    const faults = flags.fault?.map(text => parseFault(text, '--fault'))
    const {metrics, close} = await openMetrics(this.context, flags, ['sandbox'])
    const starting = startSandbox({
      port: flags.port ?? DEFAULT_PORT,
      host: flags.host,
      dialect: flags.dialect,
      dataFile: flags.data,
      tokenTtlSeconds: flags['token-ttl'] === undefined ? undefined : flags['token-ttl'] / 1000,
      limits: flags.limits,
      jwtSecret: this.environment.get('VEZA_JWT_SECRET'),
      maxUploadBytes: flags['max-upload'],
      faults,
      faultSeed: flags['fault-seed'],
      control: flags.control,
    })
    this.cleanup(async () => {
      await starting.then(started => started.close()).catch(() => undefined)
      await close()
    })
    const server = await starting
    meterSandbox(server, metrics)
    this.#ending.begin()
    this.#resume = flags.data === undefined ? 'all in it is gone' : 'the same --data goes on from here'
    this.out.notice(
      'for trying out and for tests only: users admin, alice, bob, bot with the passwords NAME-pass',
    )
    if (faults !== undefined)
      this.out.notice(
        `faults: ${faults.map(showFault).join(' ')}; --fault-seed ${server.faults.seed} repeats them`,
      )
    await this.out.data({url: server.url, port: server.port})
    this.out.ready(server.url, {url: server.url})
    await aborted(this.signal)
  }

  protected override farewell(reason: string): string | undefined {
    return this.#ending.line(reason, undefined, this.#resume)
  }
}
