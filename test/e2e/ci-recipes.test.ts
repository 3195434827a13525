import {chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, onTestFinished, test} from 'vitest'
import {FIELDS} from '../../src/lib/cli/notify/values.js'
import {useChat} from '../support/chat.js'
import {readYaml, type Yaml} from '../support/small-yaml.js'
import {type Ended, makeHome, startProcess, VEZA} from '../support/veza.js'

const read = (path: string): string => readFileSync(join(import.meta.dirname, '..', '..', path), 'utf8')
const GUIDE = read('docs/ci.md')
const {version} = JSON.parse(read('package.json')) as {version: string}

interface Step {
  readonly env: Readonly<Record<string, string>>
  readonly run: string
}
const ACTION = readYaml(read('action.yml')) as unknown as {
  readonly inputs: Readonly<Record<string, {readonly default?: string}>>
  readonly runs: {readonly steps: readonly [Step]}
}
const GITLAB = readYaml(read('ci/gitlab.yml')) as unknown as Readonly<
  Record<string, {variables: Record<string, string>; script: string[]; after_script: string[]}>
>

const GITHUB_RUN = {
  CI: 'true',
  GITHUB_ACTIONS: 'true',
  GITHUB_REPOSITORY: 'acme/shop',
  GITHUB_SERVER_URL: 'https://github.example',
  GITHUB_REF: 'refs/heads/main',
  GITHUB_SHA: 'a'.repeat(40),
  GITHUB_JOB: 'build',
  GITHUB_RUN_ID: '42',
}
const GITLAB_RUN = {
  CI: 'true',
  GITLAB_CI: 'true',
  CI_PROJECT_PATH: 'acme/shop',
  CI_COMMIT_BRANCH: 'main',
  CI_COMMIT_REF_NAME: 'main',
  CI_COMMIT_SHA: 'b'.repeat(40),
  CI_JOB_NAME: 'test',
}
const JENKINS_RUN = {
  JENKINS_URL: 'https://ci.example/',
  JOB_NAME: 'shop',
  GIT_BRANCH: 'origin/main',
  GIT_COMMIT: 'c'.repeat(40),
}

/** A registry that cannot be reached. */
const NO_NPX = 'exit 7'

const chat = useChat()
const rooms: Record<string, number> = {}
let tools: string

beforeAll(async () => {
  for (const name of ['builds', 'ops', 'deploys']) {
    const {id} = (await chat.call('alice', 'POST', '/rooms', {name})) as {id: number}
    await chat.call('alice', 'POST', `/rooms/${id}/members`, {user_id: 3, role: 'member'})
    rooms[name] = id
  }
  tools = mkdtempSync(join(tmpdir(), 'veza-tools-'))
  const veza = VEZA.map(word => `'${word}'`).join(' ')
  tool('veza', `exec ${veza} "$@"`)
  tool('npx', `[ "$1" = --yes ] && [ "$2" = "veza-cli@${version}" ] || exit 99\nshift 2\nexec ${veza} "$@"`)
  tool('node', `exec '${VEZA[0]}' "$@"`)
  tool(
    'jq',
    `exec '${VEZA[0]}' -p 'JSON.parse(require("fs").readFileSync(0))[process.argv[2].slice(1)]' -- "$@"`,
  )
  tool('journalctl', `printf '%s' "\${JOURNAL-}"; echo "the unit said: $2"`)
})

afterAll(() => rmSync(tools, {recursive: true, force: true}))

/** A command in the PATH of all recipes. */
function tool(name: string, script: string, folder = tools): void {
  const path = join(folder, name)
  writeFileSync(path, `#!/bin/sh\n${script}\n`)
  chmodSync(path, 0o755)
}

interface Shell {
  readonly env?: NodeJS.ProcessEnv
  /** Arguments of the script. */
  readonly words?: readonly string[]
  /** Programs in the working folder, by name. */
  readonly programs?: Readonly<Record<string, string>>
  /** Default: bash -e, as CI systems have it. */
  readonly shell?: readonly string[]
}

/** Runs a script as a CI system does: from a file, in a folder of its own. */
function start(script: string, {env = {}, words = [], programs = {}, shell = ['bash', '-e']}: Shell = {}) {
  const home = makeHome({
    VEZA_SERVER: chat.url,
    VEZA_TOKEN: chat.token('alice'),
    VEZA_RETRY_DELAY: '1ms',
    VEZA_RATE_LIMIT: '0',
    ...env,
  })
  const work = join(home.folder, 'work')
  mkdirSync(work)
  for (const [name, text] of Object.entries(programs)) tool(name, text, work)
  const file = join(home.folder, 'recipe')
  writeFileSync(file, script)
  const inside = ['-c', 'cd "$1"; shift; exec "$@"', 'sh', work, ...shell, file, ...words]
  const path = `${work}:${tools}:${process.env.PATH}`
  return {home, work, running: startProcess('sh', inside, {...home.env, PATH: path})}
}

const run = (script: string, options?: Shell): Promise<Ended> => start(script, options).running.ended

/** The script of a recipe: the block behind its mark. */
function recipe(name: string): string {
  const [, block] = new RegExp(`<!-- recipe: ${name} -->\n\`\`\`\\w+\n(.*?)\`\`\``, 's').exec(GUIDE) ?? []
  if (block === undefined) throw new Error(`docs/ci.md has no recipe ${name}`)
  return block
}

const contents = (room: string): Promise<string[]> => chat.contents(rooms[room] ?? 0)
const lastIn = async (room: string): Promise<string | undefined> => (await contents(room)).at(-1)

describe('action.yml', () => {
  const [{env, run: script}] = ACTION.runs.steps

  /** Fills in the inputs as GitHub does. */
  function action(
    inputs: Readonly<Record<string, string>>,
    status = 'success',
    {leg = '0', programs = {}}: {leg?: string; programs?: Readonly<Record<string, string>>} = {},
  ) {
    const fill = (_: string, name: string, fallback?: string): string =>
      (inputs[name] ?? ACTION.inputs[name]?.default ?? '') || (fallback === undefined ? '' : status)
    const filled = Object.entries(env).map(([name, text]) => [
      name,
      text
        .replace(/\$\{\{ inputs\.([\w-]+)( \|\| job\.status)? \}\}/g, fill)
        .replace(/\$\{\{ strategy\.job-index \}\}/, leg),
    ])
    const outputs = join(mkdtempSync(join(tmpdir(), 'veza-output-')), 'output')
    onTestFinished(() => rmSync(join(outputs, '..'), {recursive: true, force: true}))
    writeFileSync(outputs, '')
    const given = {...GITHUB_RUN, ...Object.fromEntries(filled), GITHUB_OUTPUT: outputs}
    return {
      ...start(script, {env: given, programs, shell: ['bash', '--noprofile', '--norc', '-eo', 'pipefail']}),
      outputs: () => readFileSync(outputs, 'utf8'),
    }
  }
  const inputs = (more: Readonly<Record<string, string>> = {}) => ({
    server: chat.url,
    token: chat.token('alice'),
    room: 'builds',
    ...more,
  })

  test('has no expression in its script, and every input in its environment', () => {
    expect(script).not.toContain('${{')
    const used = Object.values(env).flatMap(text =>
      [...text.matchAll(/inputs\.([\w-]+)/g)].map(([, name]) => name),
    )
    expect(used.sort()).toEqual(Object.keys(ACTION.inputs).sort())
    expect(ACTION.inputs.version?.default).toBe(version)
  })

  test('tells the room, gives id and outcome, and keeps one message of a run', async () => {
    const fields = 'env=prod\nversion=1.4.2\n'
    const first = action(inputs({upsert: 'true', fields, message: 'All well'}))
    expect(await first.running.ended).toEqual({code: 0, stdout: '', stderr: ''})
    const sent = await contents('builds')
    expect(sent.at(-1)).toMatch(
      /^✅ success: acme\/shop main aaaaaaa\n[\s\S]*env: prod\nversion: 1\.4\.2\n\nAll well$/,
    )
    expect(first.outputs()).toMatch(/^id=\d+\noutcome=created\n$/)
    const second = action(inputs({upsert: 'true'}), 'failure')
    await second.running.ended
    expect(second.outputs()).toBe(first.outputs().replace('created', 'updated'))
    expect(await contents('builds')).toEqual([
      ...sent.slice(0, -1),
      expect.stringMatching(/^❌ failure: acme/),
    ])
  })

  test('once: each leg of a matrix says its own', async () => {
    const outcome = async (leg: string) => {
      const {running, outputs} = action(inputs({once: 'true', message: 'Done'}), 'failure', {leg})
      await running.ended
      return outputs().split('\n')[1]
    }
    expect(await outcome('0')).toBe('outcome=created')
    expect(await outcome('1')).toBe('outcome=created')
    expect(await outcome('1')).toBe('outcome=duplicate')
  })

  test('takes nothing of an input for script or flag', async () => {
    const title = `"; touch pwned; $(touch pwned) \`touch pwned\` \${{ secrets.X }}`
    const {running, work} = action(inputs({title, message: '--version', fields: '$(id)=--json'}))
    expect((await running.ended).code).toBe(0)
    expect(await lastIn('builds')).toEqual(
      expect.stringMatching(
        /^✅ success: "; touch pwned; .* secrets\.X \}\}\n[\s\S]*\n\$\(id\): --json\n\n--version$/,
      ),
    )
    expect(existsSync(join(work, 'pwned'))).toBe(false)
  })

  test('fails where the message cannot be sent, but with soft-fail', async () => {
    const nowhere = {server: 'http://127.0.0.1:1', args: '--retries=0'}
    expect((await action(inputs(nowhere)).running.ended).code).toBe(6)
    const soft = action(inputs({...nowhere, 'soft-fail': 'true'}))
    const {code, stderr} = await soft.running.ended
    expect([code, soft.outputs()]).toEqual([0, ''])
    expect(stderr).toMatch(/^warning: not sent: /)
  })

  test('fails where npx fails, but with soft-fail', async () => {
    const programs = {npx: NO_NPX}
    expect((await action(inputs(), 'success', {programs}).running.ended).code).toBe(7)
    const soft = action(inputs({'soft-fail': 'true'}), 'success', {programs})
    expect(await soft.running.ended).toMatchObject({
      code: 0,
      stdout: '::warning::veza notify could not be run: exit code 7\n',
    })
    expect(soft.outputs()).toBe('')
  })

  test('gives no id where none is known', async () => {
    const programs = {npx: `echo '{"outcome":"unknown","client_id":"veza-1"}'`}
    const {running, outputs} = action(inputs(), 'success', {programs})
    expect([(await running.ended).code, outputs()]).toEqual([0, 'outcome=unknown\n'])
  })
})

describe('ci/gitlab.yml', () => {
  const env = {...GITLAB_RUN, VEZA_ROOM: 'builds', CI_PIPELINE_ID: '77'}

  test('keeps one message of a pipeline', async () => {
    const {script, variables} = GITLAB['.veza-notify']!
    const before = await contents('builds')
    const notify = (more: object) =>
      run(script[0]!, {env: {...env, ...variables, ...more}, shell: ['sh', '-e']})
    expect(variables.VEZA_VERSION).toBe(version)
    expect((await notify({VEZA_NOTIFY_STATUS: 'failed', VEZA_NOTIFY_MESSAGE: 'See the log'})).code).toBe(0)
    expect(await lastIn('builds')).toMatch(/^❌ failure: acme\/shop main bbbbbbb\n[\s\S]*See the log$/)
    expect((await notify({VEZA_NOTIFY_STATUS: 'success'})).code).toBe(0)
    const after = await contents('builds')
    expect([after.length, after.at(-1)]).toEqual([before.length + 1, expect.stringMatching(/^✅ success/)])
  })

  test('tells of a failed job once, from its after_script, and of no other', async () => {
    const {after_script, variables} = GITLAB['.veza-after']!
    const before = await contents('builds')
    const end = (status: string) =>
      run(after_script[0]!, {env: {...env, ...variables, CI_JOB_STATUS: status}, shell: ['sh', '-e']})
    await end('success')
    expect(await contents('builds')).toEqual(before)
    await end('failed')
    await end('failed')
    expect(await contents('builds')).toEqual([
      ...before,
      expect.stringMatching(/^❌ failure: [\s\S]*job: test/),
    ])
  })
})

test.each([
  ['.veza-notify', GITLAB['.veza-notify']!.script[0]!, 'sh'],
  ['.veza-after', GITLAB['.veza-after']!.after_script[0]!, 'sh'],
  ['GitHub without the action', (readYaml(recipe('github')) as unknown as [Step])[0].run, 'bash'],
  ['Jenkins', /sh '''\n(.*?)'''/s.exec(recipe('jenkins'))?.[1] ?? '', 'sh'],
])('%s lets the job pass where npx fails, with a word', async (_name, script, shell) => {
  const env = {...GITLAB['.veza-notify']!.variables, CI_JOB_STATUS: 'failed', STATUS: 'x', RESULT: 'x'}
  const {code, stdout, stderr} = await run(script, {env, programs: {npx: NO_NPX}, shell: [shell, '-e']})
  expect([code, stdout + stderr]).toEqual([0, expect.stringMatching(/veza notify could not be run\n$/)])
})

describe('docs/ci.md', () => {
  test('GitHub without the action', async () => {
    const [step] = readYaml(recipe('github')) as unknown as [Step]
    expect(await run(step.run, {env: {...GITHUB_RUN, GITHUB_RUN_ID: '43', STATUS: 'failure'}})).toMatchObject(
      {code: 0},
    )
    expect(await lastIn('builds')).toMatch(/^❌ failure: acme\/shop main aaaaaaa/)
  })

  test('Jenkins', async () => {
    const [, script = ''] = /sh '''\n(.*?)'''/s.exec(recipe('jenkins')) ?? []
    const env = {...JENKINS_RUN, BUILD_TAG: 'jenkins-shop-5', BUILD_NUMBER: '5', RESULT: 'UNSTABLE'}
    expect(await run(script, {env, shell: ['sh', '-xe']})).toMatchObject({code: 0})
    expect(await lastIn('builds')).toMatch(/^⚠️ warning: .*main ccccccc\njob: shop/)
  })

  test('veza run ends as the command does, and says so', async () => {
    const make = 'echo "3 tests failed"; exit 2'
    expect(await run(recipe('run'), {programs: {make}})).toMatchObject({code: 2, stdout: '3 tests failed\n'})
    expect(await lastIn('builds')).toMatch(/failed with exit code 2 .*: Tests\n[\s\S]*3 tests failed/)
  })

  test('a trap in a shell script', async () => {
    const programs = {'backup.sh': 'exit 3'}
    expect(await run(recipe('trap'), {programs, shell: ['bash']})).toMatchObject({code: 3})
    expect(await lastIn('ops')).toMatch(/^❌ failure: .*recipe\n\nline \d+ ended with 3$/)
  })

  test('cron: nothing where all goes well, the end of the log after a failure, the outbox without a network', async () => {
    const cron = (programs: Record<string, string>, env = {}) =>
      start(recipe('cron'), {programs, env, words: ['ops', 'backup', '--full'], shell: ['sh']})
    const before = await contents('ops')
    expect(await cron({backup: 'echo fine'}).running.ended).toEqual({code: 0, stdout: '', stderr: ''})
    expect(await contents('ops')).toEqual(before)
    expect((await cron({backup: 'echo disk full; exit 4'}).running.ended).code).toBe(4)
    const told = /^❌ backup --full ended with 4 on .+\ndisk full$/
    expect(await lastIn('ops')).toMatch(told)

    const offline = cron({backup: 'echo disk full; exit 4'}, {VEZA_SERVER: 'http://127.0.0.1:1'})
    expect(await offline.running.ended).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('warning: not sent'),
    })
    const list = await offline.home.run(['outbox', 'list', '--json'])
    expect(JSON.parse(list.stdout)).toMatchObject([{room: 'ops', content: expect.stringMatching(told)}])
  })

  test('cron: a log that begins within a character, and one that is no text', async () => {
    for (const backup of [
      `printf '€%.0s' $(seq 999); echo full; exit 4`,
      `printf '\\377\\000\\303'; echo full; exit 4`,
    ]) {
      const options = {programs: {backup}, words: ['ops', 'backup'], shell: ['sh']}
      expect(await run(recipe('cron'), options)).toEqual({code: 4, stdout: expect.any(String), stderr: ''})
      expect(await lastIn('ops')).toMatch(/^❌ backup ended with 4 on .+\n.*full$/)
    }
  })

  test('systemd: a journal that begins within a character', async () => {
    const options = {words: ['x.service'], env: {JOURNAL: '€'.repeat(999)}, shell: ['sh']}
    expect((await run(recipe('systemd'), options)).code).toBe(0)
    expect(await lastIn('ops')).toMatch(/^❌ x\.service has failed on .+\n€+the unit said: x\.service$/)
  })

  test('systemd: the script of the unit', async () => {
    const {code} = await run(recipe('systemd'), {words: ['backup.service'], shell: ['sh']})
    expect([code, await lastIn('ops')]).toEqual([
      0,
      expect.stringMatching(/^❌ backup\.service has failed on .+\nthe unit said: backup\.service$/),
    ])
  })

  test('waiting for an approval', async () => {
    const programs = {'deploy.sh': 'echo deployed'}
    const {running} = start(recipe('approval'), {programs})
    await running.sees('stderr', 'ready:')
    const rows = (await chat.call('bob', 'GET', `/rooms/${rooms.deploys}/messages?limit=1`)) as {
      messages: [{id: number}]
    }
    const answer = {content: 'Yes, go', parent_id: rows.messages[0].id}
    await chat.call('bob', 'POST', `/rooms/${rooms.deploys}/messages`, answer)
    expect(await running.ended).toMatchObject({code: 0, stdout: 'deployed\n'})
  })

  test('no approval in time', async () => {
    const script = recipe('approval').replace('--timeout 30m', '--timeout 1s')
    expect((await run(script)).code).toBe(124)
    expect(await lastIn('deploys')).toBe('Not deployed')
  })

  test.each([
    ['there', {}, 'it is there, once'],
    ['no network', {VEZA_SERVER: 'http://127.0.0.1:1', VEZA_RETRIES: '0'}, 'later'],
    ['a wrong key', {VEZA_TOKEN: '', VEZA_API_KEY: 'veza_ak_wrong'}, 'the key is wrong'],
  ])('exit codes: %s', async (_, env, said) => {
    const {stdout} = await run(recipe('exit-codes'), {env, shell: ['sh']})
    expect(stdout).toMatch(new RegExp(`^${said}`))
  })

  test('has a test for each recipe, YAML that can be read, the current version and every field of a template', () => {
    const source = readFileSync(import.meta.filename, 'utf8')
    const names = [...GUIDE.matchAll(/<!-- recipe: ([\w-]+) -->/g)].map(([, name]) => name)
    expect(names.filter(name => !source.includes(`recipe('${name}')`))).toEqual([])
    const blocks = [...GUIDE.matchAll(/```yaml\n(.*?)```/gs)].map(([, block = '']): Yaml => readYaml(block))
    expect(blocks.length).toBeGreaterThan(2)
    expect(new Set([...GUIDE.matchAll(/veza-cli@v?(\d[\d.]*\d)/g)].map(([, found]) => found))).toEqual(
      new Set([version]),
    )
    expect(FIELDS.filter(field => !GUIDE.includes(`\`${field}\``))).toEqual([])
  })
})
