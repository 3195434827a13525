import {VezaCommand} from '../../lib/cli/base-command.js'
import {Bot} from '../../lib/cli/bot/bot.js'
import {botFlags} from '../../lib/cli/bot/bot-flags.js'
import {type BotRecord, botRecordView} from '../../lib/output/views/bot-record.js'

/** One record of its stream. */
export type Records = BotRecord

/** `veza bot run`: the guide's bot, with commands of one's own. */
export default class BotRunCommand extends VezaCommand<void> {
  static override summary = 'Answer commands in rooms, and direct messages'
  static override description =
    'Answers !bot help, ping, time and stats, and what a file adds, in every room the account has joined, and each direct ' +
    'message. Each is answered once, over reconnections and restarts: a cursor keeps what is done, and what came ' +
    'meanwhile is answered later. The account may come from BOT_USERNAME and BOT_PASSWORD, the server from ' +
    'CHAT_SERVER_URL. Prints what became of each message.\n\n' +
    'The --commands file, in YAML, here in its short form (docs/bot.md has all of it):\n\n' +
    'commands: {\n' +
    'rules: {summary: The rules, reply: "be kind, {{user}}"},\n' +
    'deploy: {run: [./deploy.sh, "{{1}}"], timeout: 2m, rate: 3/1m, allow: {roles: [owner], users: [alice]}},\n' +
    'joke: {module: ./joke.mjs}\n' +
    '}\n\n' +
    'Templates know {{args}}, {{1}}, {{2}} and so on, {{user}}, {{user_id}}, {{room}}, {{message_id}}; {{*}} alone is each argument. ' +
    'A program gets its arguments as they are, no shell reads them, and the message as JSON on stdin; what it prints is the ' +
    'answer. It may run twice for one message where the bot was killed. SIGHUP reads the file again.'
  static override flags = botFlags
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --room general --no-dm --language fr',
    '<%= config.bin %> <%= command.id %> --commands bot.yml --prefix "!" --json >> answered.ndjson',
  ]

  #bot: Bot | undefined

  async run(): Promise<void> {
    const {flags} = await this.parse(BotRunCommand)
    const {context, io} = this
    this.out.check(botRecordView)
    const bot = new Bot({context, io, request: flags})
    this.#bot = bot
    this.cleanup(() => bot.close())
    await bot.run()
  }

  protected override farewell(reason: string): string | undefined {
    return this.#bot?.farewell(reason)
  }
}
