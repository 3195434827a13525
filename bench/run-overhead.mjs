// What `veza run -- CMD` adds to a command that is over at once: its start, the one message, its end.
import {contenderRows, inTurn} from './lib/contest.mjs'
import {serveMessages} from './lib/messages-server.mjs'
import {median} from './lib/stats.mjs'
import {VEZA} from './lib/workplace.mjs'

const COMMAND = ['bash', '-c', 'echo done']
const ALONE = 'CMD'
const OURS = 'veza run -- CMD'
const LIMIT_MS = 100

/** @param rounds at least 25 for a figure to quote */
export async function runOverhead(workplace, {quick}) {
  const {server, given} = await serveMessages(workplace)
  const env = workplace.env('given', given)
  let told = 0
  const contest = await inTurn(
    {
      [ALONE]: {command: COMMAND, options: {env}, after: expectDone},
      [OURS]: {
        command: [...VEZA, 'run', '--room', '1', '--', ...COMMAND],
        options: {env},
        async after(stdout) {
          expectDone(stdout)
          told += 1
          const count = await messagesAt(server)
          if (count !== told) throw new Error(`the room was told ${count} times by ${told} runs`)
        },
      },
    },
    quick ? 7 : 41,
  )
  const [alone, ours] = [ALONE, OURS].map(name => median(contest.runs[name].map(run => run.wallMs)))
  const addedMs = ours - alone
  return {
    title: 'A command under veza run',
    contenders: contenderRows(contest),
    ratios: [],
    checks: [
      {
        name: 'wall time that veza run adds, median',
        value: `${addedMs.toFixed(1)} ms`,
        target: `< ${LIMIT_MS} ms`,
        met: addedMs < LIMIT_MS,
      },
    ],
    runs: contest.runs,
  }
}

function expectDone(stdout) {
  if (stdout.toString() !== 'done\n') throw new Error(`this is not the output of that command: ${stdout}`)
}

async function messagesAt(server) {
  return (await (await fetch(`${server}/count`)).json()).count
}
