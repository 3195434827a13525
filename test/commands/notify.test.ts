import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {DIALECTS, documentOf, errorOf, rowsOf, useChat} from '../support/chat.js'
import {closedPort, httpStub} from '../support/http-stub.js'
import {makeHome} from '../support/veza.js'
import {RUNS} from '../unit/cli/ci/services.js'

const CI = RUNS[0].variables
const GITLAB = RUNS[1].variables

describe.each(DIALECTS)('notify, %s', dialect => {
  const chat = useChat({dialect})

  test('tells what is known of the run, then the message', async () => {
    const {id} = await chat.room()
    const args = ['notify', 'All 120 tests passed', '--room', `${id}`, '--status', 'success']
    const {code, stderr} = await chat.alice.run([...args, '--field', 'env=prod', '--field', 'took=3 min'], {
      env: CI,
    })
    expect({code, stderr}).toEqual({code: 0, stderr: ''})
    expect(await chat.contents(id)).toEqual([
      '✅ success: acme/shop main ffac537\njob: build\nrun: https://github.com/acme/shop/actions/runs/9001\n' +
        'env: prod\ntook: 3 min\n\nAll 120 tests passed',
    ])
  })

  test('--attach uploads first and names the file in the message', async () => {
    const {id} = await chat.room()
    const file = join(chat.alice.folder, 'report.txt')
    writeFileSync(file, 'all is well')
    const {code} = await chat.alice.run(['notify', '--title', 'Report', '--attach', file, '-r', `${id}`])
    expect(code).toBe(0)
    const [content] = await chat.contents(id)
    expect(content).toMatch(/^Report\nfile: report\.txt \S*\/files\/\S+$/)
  })

  test('--upsert keeps one message for each run', async () => {
    const {id} = await chat.room()
    const notify = (status: string, run = '1') =>
      chat.alice.run(['notify', '-r', `${id}`, '--status', status, '--upsert'], {
        env: {...CI, GITHUB_RUN_ID: run},
      })
    await notify('running')
    await notify('failure')
    await notify('running', '2')
    const contents = await chat.contents(id)
    expect(contents.map(content => content.split(' ')[1])).toEqual(['failure:', 'running:'])
  })

  test('--thread-key: the first message is the head, the others answer it, from any machine', async () => {
    const {id} = await chat.room()
    const notify = async (text: string, env = {}) =>
      documentOf(
        await chat.alice.run(['notify', text, '-r', `${id}`, '--thread-key', 'deploy', '--json'], {env}),
      )
    const head = await notify('begun')
    expect(await notify('half way')).toMatchObject({parent_id: head.id, outcome: 'created'})
    const elsewhere = {VEZA_STATE_DIR: join(chat.alice.folder, 'elsewhere')}
    expect(await notify('done', elsewhere)).toMatchObject({parent_id: head.id, outcome: 'created'})
  })

  test('--once with --thread-key: neither head nor answer is sent again by a second attempt', async () => {
    const {id} = await chat.room()
    const notify = async (text: string, env = {}) =>
      documentOf(
        await chat.alice.run(['notify', text, '-r', `${id}`, '--thread-key', 'k', '--once', '--json'], {
          env: {...CI, ...env},
        }),
      )
    const head = await notify('head')
    const answer = await notify('answer')
    expect(await notify('head')).toMatchObject({id: head.id, outcome: 'duplicate'})
    expect(await notify('answer')).toMatchObject({id: answer.id, outcome: 'duplicate'})
    const elsewhere = {VEZA_STATE_DIR: join(chat.alice.folder, 'new'), GITHUB_RUN_ATTEMPT: '2'}
    expect(await notify('head', elsewhere)).toMatchObject({id: head.id, outcome: 'duplicate'})
    expect(await chat.contents(id)).toHaveLength(2)
  })

  test('--once: a job that is tried again under another address, by another person, says nothing new', async () => {
    const {id} = await chat.room()
    const template = join(chat.alice.folder, 'only-run.mustache')
    writeFileSync(template, '{{run_url}} {{actor}}')
    const notify = async (job: string, actor: string, ...more: string[]) =>
      documentOf(
        await chat.alice.run(['notify', '-r', `${id}`, '--once', '--json', ...more], {
          env: {...GITLAB, CI_JOB_URL: `https://gitlab.example/jobs/${job}`, GITLAB_USER_LOGIN: actor},
        }),
      ).outcome
    expect(await notify('501', 'jane')).toBe('created')
    expect(await notify('502', 'joe')).toBe('duplicate')
    expect(await notify('502', 'joe', '--status', 'success')).toBe('created')
    expect(await notify('501', 'jane', '--template', template)).toBe('created')
    expect(await notify('502', 'joe', '--template', template)).toBe('duplicate')
    const [first] = await chat.contents(id)
    expect(first).toContain('run: https://gitlab.example/jobs/501')
  })

  test('a head that was deleted is replaced', async () => {
    const {id} = await chat.room()
    const notify = async (text: string) =>
      documentOf(await chat.alice.run(['notify', text, '-r', `${id}`, '--thread-key', 'k', '--json']))
    const head = await notify('head')
    await chat.alice.run(['messages', 'delete', `${head.id}`, '--yes'])
    const next = await notify('next')
    expect(await notify('last')).toMatchObject({parent_id: next.id})
  })
})

describe('notify, what it says', () => {
  const chat = useChat()

  test('the status of the CI system is the default, a word of any of them will do', async () => {
    const preview = async (...more: string[]) =>
      (await chat.alice.run(['notify', '--preview', ...more], {env: GITLAB})).stdout.split('\n')[0]
    expect(await preview()).toBe('❌ failure: acme/shop main 1ecfd27')
    expect(await preview('--status', 'SUCCESS')).toBe('✅ success: acme/shop main 1ecfd27')
    expect(await preview('--status', 'canceled', '--title', 'Nightly')).toBe('🚫 cancelled: Nightly')
  })

  test('--template: a file with fields; --json gives the text as JSON', async () => {
    const template = join(chat.alice.folder, 'ci.mustache')
    writeFileSync(
      template,
      '\ufeff{{service}}/{{job}} @{{commit_short}}{{#fields}} [{{name}}={{value}}]{{/fields}}{{tag}}\n',
    )
    const args = [
      'notify',
      '--preview',
      '--template',
      template,
      '--field',
      'a=1',
      '--field',
      'b=x=y',
      '--json',
    ]
    expect(documentOf(await chat.alice.run(args, {env: CI}))).toBe('github/build @ffac537 [a=1] [b=x=y]')
  })

  test('an unknown field is a usage error that names it, before anything is sent', async () => {
    const template = join(chat.alice.folder, 'bad.mustache')
    writeFileSync(template, '{{#fields}}{{nam}}{{/fields}}')
    const args = ['notify', '-r', 'general', '--template', template, '--json']
    const run = await chat.alice.run(args, {env: CI})
    expect(run.code).toBe(2)
    expect(errorOf(run)).toMatchObject({
      message: expect.stringContaining('there is no field nam'),
      hint: 'did you mean name?',
    })
  })

  test('a template that is no UTF-8 is refused with the offset', async () => {
    const template = join(chat.alice.folder, 'latin1.mustache')
    const bytes = Buffer.concat([
      Buffer.from('\ufeffé {{title}} '),
      Buffer.from([0xe9, 0x74]),
      Buffer.from('\n'),
    ])
    writeFileSync(template, bytes)
    const run = await chat.alice.run(['notify', '--preview', '--title', 'x', '--template', template])
    expect(run).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(
        `${template} is not UTF-8 text: byte ${bytes.indexOf(0xe9)} does not fit\n`,
      ),
    })
  })

  test('what a branch or a flag holds cannot steer a terminal or begin lines of its own', async () => {
    const env = {...CI, GITHUB_REF: 'refs/heads/a\u001b[31m\nrun: https://evil.example\u202e'}
    const args = [
      'notify',
      '--preview',
      '--title',
      'x\r\ny',
      '--field',
      'a\n=b\u0007',
      '--message',
      'one\ntwo\u001b[2J',
    ]
    const {stdout} = await chat.alice.run(args, {env})
    expect(stdout).toBe(
      'x⏎y\nacme/shop a run: https://evil.example\\u{202e} ffac537\njob: build\n' +
        'run: https://github.com/acme/shop/actions/runs/9001\na⏎: b\\u{7}\n\none\ntwo\n',
    )
  })

  test('outside of CI it says what it is given, without empty lines or undefined', async () => {
    const preview = async (...args: string[]) =>
      (await chat.alice.run(['notify', '--preview', ...args])).stdout
    expect(await preview('--title', 'Backup')).toBe('Backup\n')
    expect(await preview('only this')).toBe('only this\n')
    expect(await preview('--status', 'failed', 'and why')).toBe('❌ failure\n\nand why\n')
  })

  test('nothing at all is a usage error', async () => {
    const run = await chat.alice.run(['notify', '--preview'])
    expect(run).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^error: there is nothing to say\nhint: /),
    })
  })

  test('--preview needs no session, no server and no room, and waits for no stdin', async () => {
    const home = makeHome({VEZA_SERVER: `http://127.0.0.1:${await closedPort()}`})
    const running = home.start(['notify', 'hello', '--preview', '--upsert', '--attach', '/etc/hostname'], {
      stdin: 'open',
    })
    expect(await running.ended).toEqual({
      code: 0,
      stdout: 'file: hostname (uploaded when it is sent)\n\nhello\n',
      stderr: '',
    })
  })

  test.each([
    ['a file that is missing', ['--attach', '/no/such'], 'error: /no/such does not exist'],
    ['a field without a name', ['--field', '=x'], 'error: --field wants NAME=VALUE'],
    ['a status that is none', ['--status', 'great'], 'error: --status wants one of: success'],
    ['an empty thread key', ['--thread-key', ' '], 'error: --thread-key is empty'],
    ['two kinds of keys', ['--upsert', '--once'], 'error: --upsert and --once exclude each other'],
    ['--once outside of CI', ['--once'], 'error: --once needs a run of a CI system'],
    ['--upsert outside of CI', ['--upsert'], 'error: --upsert needs a run of a CI system'],
  ])('%s ends with 2, and nothing is sent', async (_what, args, message) => {
    const {id} = await chat.room()
    const run = await chat.alice.run(['notify', 'text', '-r', `${id}`, ...args])
    expect(run).toMatchObject({code: 2, stdout: '', stderr: expect.stringContaining(message)})
    expect(await chat.contents(id)).toEqual([])
  })
})

describe('notify --soft-fail', () => {
  const chat = useChat()

  test.each([
    [
      'no server',
      {VEZA_SERVER: 'http://127.0.0.1:9'},
      ['-r', '1', '--retries', '0'],
      /cannot|refused|reach/i,
    ],
    ['no session', {VEZA_TOKEN: ''}, ['-r', '1'], /sign/i],
    ['no such room', {}, ['-r', '#nowhere'], /nowhere|room/],
    ['no room at all', {}, [], /room is missing/],
    ['a file that is missing', {}, ['-r', '1', '--attach', '/no/such'], /does not exist/],
    ['a template that is missing', {}, ['-r', '1', '--template', '/no/such'], /does not exist/],
    ['a mistake in a template', {}, ['-r', '1', '--template', import.meta.filename], /template/],
    ['a mistyped flag', {}, ['-r', '1', '--rom', '2'], /unknown flag --rom/],
    ['a value that cannot be read', {}, ['-r', '1', '--status', 'great'], /--status wants one of/],
    ['a flag without its value', {}, ['--room'], /--room expects a value/],
    ['flags that exclude each other', {}, ['-r', '1', '--upsert', '--once'], /exclude each other/],
    ['an argument too many', {}, ['-r', '1', 'y'], /an argument too many/],
    ['a setting that cannot be read', {VEZA_TIMEOUT: 'soon'}, ['-r', '1'], /VEZA_TIMEOUT/],
  ])('%s: 0, one warning, nothing on stdout', async (_what, env, args, reason) => {
    const run = await chat.alice.run(['notify', 'x', '--soft-fail', ...args], {env})
    expect(run).toMatchObject({code: 0, stdout: ''})
    expect(run.stderr).toMatch(/^warning: not sent: [^\n]+\n$/)
    expect(run.stderr).toMatch(reason)
  })

  test('without it the same ends with its own code', async () => {
    expect((await chat.alice.run(['notify', 'x', '-r', '#nowhere'])).code).toBe(7)
  })

  test.each([
    ['with --preview', ['--soft-fail', '--preview', '--status', 'great']],
    ['behind --', ['--rom', '1', '--', '--soft-fail']],
    ['as the text of the message', ['--message=--soft-fail']],
  ])('%s it changes nothing', async (_what, args) => {
    expect((await chat.alice.run(['notify', ...args])).code).toBe(2)
  })

  test('where nobody knows whether it has arrived, the warning does not deny it', async () => {
    await using server = await httpStub({raw: socket => socket.destroy()})
    const run = await chat.alice.run(['notify', 'x', '--soft-fail', '-r', '1', '--retries', '0'], {
      env: {VEZA_SERVER: server.origin},
    })
    expect(run.code).toBe(0)
    expect(run.stderr).toMatch(
      /^warning: the message was sent, but whether it has arrived is not known: [^\n]+\n$/,
    )
  })

  test('a signal ends it with its own code', async () => {
    await using silent = await httpStub({raw: () => undefined})
    const running = chat.alice.start(['notify', 'x', '--soft-fail', '-r', '1'], {
      env: {VEZA_SERVER: silent.origin},
    })
    while (silent.count() === 0) await new Promise(resolve => setImmediate(resolve))
    running.child.kill('SIGTERM')
    expect((await running.ended).code).toBe(143)
  })

  test('a --timeout that runs out is a warning, too', async () => {
    const rooms = rowsOf(await chat.call('alice', 'GET', '/rooms'), 'rooms')
    await using silent = await httpStub({raw: () => undefined})
    const run = await chat.alice.run(
      ['notify', 'x', '--soft-fail', '--timeout', '1s', '-r', `${rooms[0]?.id}`],
      {
        env: {VEZA_SERVER: silent.origin},
      },
    )
    expect(run).toMatchObject({code: 0, stderr: 'warning: not sent: --timeout ran out after 1 s\n'})
  })
})

describe('messages send --once', () => {
  const chat = useChat({dialect: 'guide'})

  test('sends a text once in a job, however often it is tried, on this machine or the next', async () => {
    const {id} = await chat.room()
    const send = async (text: string, env: NodeJS.ProcessEnv = {}) =>
      documentOf(
        await chat.alice.run(['messages', 'send', `${id}`, text, '--once', '--json'], {env: {...CI, ...env}}),
      ).outcome
    expect(await send('failed')).toBe('created')
    expect(await send('failed', {GITHUB_RUN_ATTEMPT: '2'})).toBe('duplicate')
    expect(await send('failed', {VEZA_STATE_DIR: join(chat.alice.folder, 'next')})).toBe('duplicate')
    expect(await send('passed')).toBe('created')
    expect(await send('failed', {GITHUB_JOB: 'lint'})).toBe('created')
    expect(await send('failed', {VEZA_CI_LEG: '1'})).toBe('created')
    expect(await send('failed', {VEZA_CI_LEG: '1'})).toBe('duplicate')
    expect(await send('failed', {GITHUB_RUN_ID: '9002'})).toBe('created')
    expect(await chat.contents(id)).toEqual(['failed', 'passed', 'failed', 'failed', 'failed'])
  })

  test('outside of CI it is a usage error that names --idempotency-key', async () => {
    const run = await chat.alice.run(['messages', 'send', 'general', 'x', '--once', '--json'])
    expect(run.code).toBe(2)
    expect(errorOf(run)).toMatchObject({code: 'usage', hint: expect.stringContaining('--idempotency-key')})
  })

  test.each(['--idempotency-key', '--upsert'])('goes without %s', async flag => {
    const run = await chat.alice.run(['messages', 'send', 'general', 'x', '--once', flag, 'k'], {env: CI})
    expect(run).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`--once and ${flag} exclude each other`),
    })
  })
})
