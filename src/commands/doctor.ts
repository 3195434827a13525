import {VezaCommand} from '../lib/cli/base-command.js'
import {diagnose} from '../lib/cli/doctor/diagnose.js'
import {checklistView, type Finding, findingView} from '../lib/output/views/finding.js'

/** What `--json` prints. */
export type Output = readonly Finding[]

/** `veza doctor`: what works and what does not, from the settings to the server. */
export default class Doctor extends VezaCommand<readonly Finding[]> {
  static override summary = 'Check settings, folders, network, server, clock, stores and session'
  static override description =
    'Each check takes 10 seconds at most. The report holds no secret and can be handed on. Ends with 0 where there are ' +
    'warnings only, else with the exit code of the first failure.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    `<%= config.bin %> <%= command.id %> --json | jq '.[] | select(.status == "failed")'`,
  ]

  async run(): Promise<readonly Finding[]> {
    const open = async () => {
      await this.parse(Doctor)
      return this.context
    }
    const {findings, failure} = await diagnose(open, this.signal)
    await (this.out.isForPerson
      ? this.out.one(findings, checklistView(findings))
      : this.out.list(findings, findingView))
    if (failure !== undefined) throw failure
    return findings
  }
}
