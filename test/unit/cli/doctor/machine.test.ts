import {existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, onTestFinished, test} from 'vitest'
import type {SecretStore} from '../../../../src/lib/auth/stores/secret-store.js'
import {checkFolders} from '../../../../src/lib/cli/doctor/folders.js'
import {checkStore} from '../../../../src/lib/cli/doctor/stores.js'
import {VezaError} from '../../../../src/lib/errors/veza-error.js'

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'veza-doctor-'))
  onTestFinished(() => rmSync(path, {recursive: true, force: true}))
  return path
}

describe('the folders', () => {
  test('those that are there are written to, and nothing stays', async () => {
    const home = folder()
    const [configDir, stateDir] = [join(home, 'config'), join(home, 'state')]
    mkdirSync(configDir)
    const verdict = await checkFolders({configDir, stateDir})
    expect(verdict).toEqual({
      status: 'ok',
      detail: `${configDir} (writable), ${stateDir} (made when needed)`,
    })
    expect(readdirSync(configDir)).toEqual([])
    expect(existsSync(stateDir)).toBe(false)
  })

  test('one and the same is named once', async () => {
    const home = folder()
    expect((await checkFolders({configDir: home, stateDir: home})).detail).toBe(`${home} (writable)`)
  })

  test.each(['a file', 'a program'])('below %s none can be made', async kind => {
    const home = folder()
    const path = join(home, 'in-the-way')
    writeFileSync(path, '', {mode: kind === 'a program' ? 0o755 : 0o644})
    const folders = {configDir: home, stateDir: join(path, 'deep', 'state')}
    await expect(checkFolders(folders)).rejects.toMatchObject({
      code: 'config',
      hint: expect.stringMatching(/VEZA_STATE_DIR/),
    })
  })
})

/** A store that keeps everything in memory, or fails with `error`. */
function store(error?: Error): SecretStore & {readonly kept: Map<string, string>} {
  const kept = new Map<string, string>()
  return {
    kind: 'keychain',
    place: 'a test',
    kept,
    read: async account => kept.get(account),
    write: async (account, secret) => {
      if (error !== undefined) throw error
      kept.set(account, secret)
    },
    remove: async account => void kept.delete(account),
  }
}

describe('a store', () => {
  const locked = new VezaError('config', 'it is locked', {hint: 'unlock it'})
  const noPassphrase = new VezaError('signed_out', 'there is no passphrase')

  test('that keeps what it is given is well, and empty again', async () => {
    const good = store()
    expect(await checkStore(good, false)).toEqual({status: 'ok', detail: 'a test'})
    expect(good.kept.size).toBe(0)
  })

  test('that fails is a warning with the reason, as long as nothing is in it', async () => {
    const detail = 'it is locked'
    expect(await checkStore(store(locked), false)).toEqual({status: 'warning', detail, hint: 'unlock it'})
    expect(await checkStore(store(locked), true)).toMatchObject({status: 'failed', detail, error: locked})
  })

  test('without its passphrase is skipped, unless it is needed', async () => {
    expect((await checkStore(store(noPassphrase), false)).status).toBe('skipped')
    expect(await checkStore(store(noPassphrase), true)).toMatchObject({status: 'failed', error: noPassphrase})
  })

  test('that breaks by a defect of ours says so', async () => {
    await expect(checkStore(store(new TypeError('oops')), false)).rejects.toThrow('oops')
  })
})
