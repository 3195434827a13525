// What a command costs before it does anything: beside a Node that does nothing, and beside the least that sends a message.
import {execFileSync} from 'node:child_process'
import {rmSync} from 'node:fs'
import {join} from 'node:path'
import {contenderRows, inTurn, ratioRow} from './lib/contest.mjs'
import {OFTEN, serveMessages} from './lib/messages-server.mjs'
import {script, VEZA} from './lib/workplace.mjs'

const SEND = [...VEZA, 'messages', 'send', '1', 'hi']

/** @param rounds at least 25 for a figure to quote */
export async function startup(workplace, {quick}) {
  const contest = await inTurn(contenders(workplace, await serveMessages(workplace)), quick ? 7 : 41)
  return {
    title: 'Start-up',
    contenders: contenderRows(contest),
    ratios: [
      ratioRow(contest, 'veza --version', 'node -e 0', {of: 'wall', atMost: 2}),
      ratioRow(contest, 'completion', 'veza --version', {of: 'wall', atMost: 1.5}),
      ratioRow(contest, 'completion', 'node -e 0', {of: 'wall', atMost: 2}),
      ratioRow(contest, 'send, VEZA_TOKEN', 'node:http POST', {of: 'wall', atMost: 3}),
      ratioRow(contest, 'send, signed in', 'node:http POST', {of: 'wall', atMost: 3}),
      ratioRow(contest, 'send, no code cache', 'node:http POST'),
    ],
    checks: [],
    runs: contest.runs,
  }
}

function contenders(workplace, {server, token, given}) {
  const url = `${server}/api/v1/rooms/1/messages`
  const coldCache = join(workplace.folder, 'cold', '.cache')
  const job = (home, command, more) => ({command, options: {env: workplace.env(home, more)}})
  signIn(workplace.env('signed-in'), server)
  return {
    'node -e 0': job('bare', [process.execPath, '-e', '0']),
    'veza --version': {...job('bare', [...VEZA, '--version']), after: expect(/^veza-cli\//)},
    // What a shell asks for at a key press: bash passes the line on as it stands.
    completion: {
      ...job('bare', [...VEZA, '__complete', 'bash', 'veza rooms list --filter jo']),
      after: expect(/^words\njoined\n$/),
    },
    'node:http POST': {
      ...job('bare', script('baselines/post.cjs', url, token, 'hi')),
      after: expect(/"hi"/),
    },
    'send, VEZA_TOKEN': {...job('given', SEND, given), after: expect(/\bhi\b/)},
    'send, signed in': {...job('signed-in', SEND, OFTEN), after: expect(/\bhi\b/)},
    'send, no code cache': {
      ...job('cold', SEND, given),
      before: () => rmSync(coldCache, {recursive: true, force: true}),
      after: expect(/\bhi\b/),
    },
  }
}

function signIn(env, server) {
  const args = [
    'auth',
    'login',
    '--server',
    server,
    '--username',
    'alice',
    '--password-stdin',
    '--insecure-storage',
  ]
  const [file, bin] = VEZA
  execFileSync(file, [bin, ...args], {env, input: 'alice-pass\n', stdio: ['pipe', 'ignore', 'pipe']})
}

const expect = pattern => stdout => {
  if (!pattern.test(stdout.toString())) throw new Error(`this is not the output of that command: ${stdout}`)
}
