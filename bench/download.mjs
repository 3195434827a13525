// A large file from the sandbox to disk: beside curl, which writes it and is done, and beside curl with what veza does as well: the
// hash, and the sync without which a power cut could take the file. And to a pipe, so that the disk plays no part.
import {openAsBlob, rmSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {contenderRows, inTurn, memoryCheck, ratioRow} from './lib/contest.mjs'
import {fileSize, GIB, tokenOf, writeRandom} from './lib/large-file.mjs'
import {VEZA} from './lib/workplace.mjs'

const LIMIT_MIB = 128

export async function download(workplace, {quick}) {
  const {bytes, shown} = fileSize(workplace.folder, quick)
  const sandbox = await workplace.serve([...VEZA, 'sandbox', '--port', '0', '--max-upload', String(2 * GIB)])
  const token = await tokenOf(sandbox)
  const file = writeRandom(join(workplace.folder, 'large.bin'), bytes)
  const url = await uploaded(sandbox, token, file)
  rmSync(file)
  const contest = await inTurn(contenders(workplace, {sandbox, token, url, bytes}), quick ? 3 : 9)
  return {
    title: `Download of ${shown}`,
    contenders: contenderRows(contest),
    ratios: [
      ratioRow(contest, 'veza', 'curl, sha256sum, sync', {of: 'wall', atMost: 1.3}),
      ratioRow(contest, 'veza', 'curl'),
      ratioRow(contest, 'veza, pipe', 'curl, pipe'),
    ],
    checks: [
      memoryCheck('peak memory', contest.peaks.veza, LIMIT_MIB),
      memoryCheck('peak memory, pipe', contest.peaks['veza, pipe'], LIMIT_MIB),
    ],
    runs: contest.runs,
  }
}

/** Resolves to the address of the file. */
async function uploaded(sandbox, token, path) {
  const body = new FormData()
  body.append('room_id', '1')
  body.append('file', await openAsBlob(path), 'large.bin')
  const headers = {authorization: `Bearer ${token}`}
  const response = await fetch(`${sandbox}/api/v1/files/upload`, {method: 'POST', body, headers})
  if (!response.ok) throw new Error(`the upload failed: ${response.status} ${await response.text()}`)
  return (await response.json()).data.url
}

function contenders(workplace, {sandbox, token, url, bytes}) {
  const out = join(workplace.folder, 'out.bin')
  const curl = `curl -sSf -H 'Authorization: Bearer ${token}' ${url}`
  const veza = [...VEZA, 'files', 'download', url].join(' ')
  const bare = {env: workplace.env('bare')}
  const given = {env: workplace.env('given', {VEZA_SERVER: sandbox, VEZA_TOKEN: token})}
  const inShell = line => ['bash', '-c', line]
  const toDisk = {
    after: () => {
      if (statSync(out).size !== bytes) throw new Error(`${out} has ${statSync(out).size} bytes`)
      rmSync(out)
    },
  }
  const toPipe = {
    after: stdout => {
      if (Number(stdout) !== bytes) throw new Error(`${stdout} bytes came through the pipe`)
    },
  }
  return {
    curl: {command: inShell(`exec ${curl} -o ${out}`), options: bare, ...toDisk},
    'curl, sha256sum, sync': {
      command: inShell(`${curl} -o ${out} && sha256sum ${out} && sync ${out}`),
      options: bare,
      ...toDisk,
    },
    veza: {command: inShell(`exec ${veza} --output ${out}`), options: given, ...toDisk},
    'curl, pipe': {command: inShell(`${curl} | wc -c`), options: bare, ...toPipe},
    'veza, pipe': {command: inShell(`${veza} --output - | wc -c`), options: given, ...toPipe},
  }
}
