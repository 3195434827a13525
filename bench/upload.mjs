// A large file from disk to the sandbox: beside curl. And to a server that drops it, so that the clients' own share shows.
import {join} from 'node:path'
import {contenderRows, inTurn, memoryCheck, ratioRow} from './lib/contest.mjs'
import {call, fileSize, GIB, tokenOf, writeRandom} from './lib/large-file.mjs'
import {script, VEZA} from './lib/workplace.mjs'

const LIMIT_MIB = 120

export async function upload(workplace, {quick}) {
  const {bytes, shown} = fileSize(workplace.folder, quick)
  const file = writeRandom(join(workplace.folder, 'large.bin'), bytes)
  const contest = await inTurn(await contenders(workplace, file, bytes), quick ? 3 : 9)
  return {
    title: `Upload of ${shown}`,
    contenders: contenderRows(contest),
    ratios: [
      ratioRow(contest, 'veza', 'curl', {of: 'wall', atMost: 1.3}),
      ratioRow(contest, 'veza, null sink', 'curl, null sink'),
    ],
    checks: [
      memoryCheck('peak memory', contest.peaks.veza, LIMIT_MIB),
      memoryCheck('peak memory, null sink', contest.peaks['veza, null sink'], LIMIT_MIB),
    ],
    runs: contest.runs,
  }
}

async function contenders(workplace, file, bytes) {
  const sandbox = await workplace.serve([...VEZA, 'sandbox', '--port', '0', '--max-upload', String(2 * GIB)])
  const sink = await workplace.serve(script('servers/null-sink.mjs'))
  const token = await tokenOf(sandbox)
  const kept = answerOf => async stdout => {
    const answer = answerOf(stdout)
    if (answer.size !== bytes) throw new Error(`the sandbox has ${stdout}`)
    await remove(sandbox, token, answer.file_id)
  }
  const dropped = answerOf => stdout => {
    if (answerOf(stdout).size < bytes) throw new Error(`the sink saw ${stdout}`)
  }
  // The sink between the two leaves the disk the same time to settle before each.
  return {
    curl: {...curl(workplace, sandbox, token, file), after: kept(ofCurl)},
    'curl, null sink': {...curl(workplace, sink, token, file), after: dropped(ofCurl)},
    veza: {...veza(workplace, sandbox, token, file), after: kept(ofVeza)},
    'veza, null sink': {...veza(workplace, sink, token, file), after: dropped(ofVeza)},
  }
}

const ofCurl = stdout => JSON.parse(stdout).data
const ofVeza = stdout => JSON.parse(stdout)

function curl(workplace, server, token, file) {
  const form = ['-F', 'room_id=1', '-F', `file=@${file}`]
  const command = [
    'curl',
    '-sSf',
    '-H',
    `Authorization: Bearer ${token}`,
    ...form,
    `${server}/api/v1/files/upload`,
  ]
  return {command, options: {env: workplace.env('bare')}}
}

function veza(workplace, server, token, file) {
  const command = [...VEZA, 'files', 'upload', file, '--room', '1', '--max-size', '0', '--json']
  return {command, options: {env: workplace.env('given', {VEZA_SERVER: server, VEZA_TOKEN: token})}}
}

async function remove(sandbox, token, id) {
  await call(`${sandbox}/api/v1/files/${id}`, 'DELETE', undefined, {authorization: `Bearer ${token}`})
}
