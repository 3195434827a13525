import {describe, expect, test} from 'vitest'
import {runKey} from '../../../../src/lib/cli/ci/once-key.js'
import {readCiRun} from '../../../../src/lib/cli/ci/read-ci-run.js'
import {RUNS} from './services.js'

const GITHUB = RUNS[0].variables
const GITLAB = RUNS[1].variables

describe('readCiRun', () => {
  test.each(RUNS)('$service', async ({service, variables, run}) => {
    const found = await readCiRun(variables)
    expect(
      Object.fromEntries(Object.entries(found ?? {}).filter(([, value]) => value !== undefined)),
    ).toEqual({service, ...run})
  })

  test.each(RUNS)('$service: another attempt has the same key, another run another', async service => {
    const {variables, again} = service
    const key = async (more: object) =>
      runKey(await readCiRun({...variables, ...more}), '--once', '--idempotency-key')
    expect(await key(again)).toBe(await key({}))
    const other = Object.fromEntries(
      Object.entries(variables).map(([name, value]) => [
        name,
        /(ID|NUMBER|TAG)$/.test(name) ? `${value}9` : value,
      ]),
    )
    expect(await key(other)).not.toBe(await key({}))
  })

  test('outside of CI there is none, whatever folder this is', async () => {
    expect(await readCiRun({HOME: '/root', PATH: process.env.PATH})).toBeUndefined()
  })

  test('a service that is not in the table is known as far as the library knows it', async () => {
    const variables = {
      CIRRUS_CI: 'true',
      CIRRUS_BUILD_ID: '5',
      CIRRUS_REPO_FULL_NAME: 'acme/shop',
    }
    expect(await readCiRun(variables)).toMatchObject({service: 'cirrus', runId: '5', repository: 'acme/shop'})
  })

  test('what is missing is absent, never the word undefined', async () => {
    for (const {service, variables} of RUNS) {
      for (const name of Object.keys(variables)) {
        const run = await readCiRun({...variables, [name]: ''})
        expect(JSON.stringify(run ?? {}), `${service} without ${name}`).not.toContain('undefined')
      }
    }
  })

  test('a pull request on GitHub is told by its own branch and its number', async () => {
    const variables = {
      ...GITHUB,
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_REF: 'refs/pull/12/merge',
      GITHUB_HEAD_REF: 'pay',
    }
    expect(await readCiRun(variables)).toMatchObject({branch: 'pay', pullRequest: '12'})
    const target = {...variables, GITHUB_EVENT_NAME: 'pull_request_target', GITHUB_REF: 'refs/heads/main'}
    expect(await readCiRun(target)).toMatchObject({branch: 'pay', pullRequest: undefined})
  })

  test('a tag is no branch', async () => {
    expect(await readCiRun({...GITHUB, GITHUB_REF: 'refs/tags/v1'})).toMatchObject({
      tag: 'v1',
      branch: undefined,
    })
    const gitlab = {...GITLAB, CI_COMMIT_TAG: 'v1', CI_COMMIT_BRANCH: '', CI_COMMIT_REF_NAME: 'v1'}
    expect(await readCiRun(gitlab)).toMatchObject({tag: 'v1', branch: undefined})
  })

  test('an address with a password gives only its path, and no other address is taken for one of the web', async () => {
    const jenkins = {
      JENKINS_URL: 'x',
      GIT_URL: 'ssh://git:pw@host:7999/acme/shop.git',
      BUILD_URL: 'javascript:x',
    }
    expect(await readCiRun(jenkins)).toMatchObject({repository: 'acme/shop', url: undefined})
  })

  test('git is not started to fill a gap', async () => {
    // The tests run in a git checkout: a commit in the answer would be git's.
    expect(await readCiRun({JENKINS_URL: 'https://ci.example', PATH: process.env.PATH})).toMatchObject({
      service: 'jenkins',
      commit: undefined,
    })
  })
})

describe('runKey', () => {
  test('without a run it is a usage error that names the way without', async () => {
    expect(() => runKey(undefined, '--once', '--idempotency-key')).toThrow(
      expect.objectContaining({code: 'usage', hint: expect.stringContaining('--idempotency-key')}),
    )
  })
})
