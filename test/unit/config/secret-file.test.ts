import {execFileSync} from 'node:child_process'
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, onTestFinished, test} from 'vitest'
import {processEnvironment, SECRET_VARIABLES, secretsInFiles} from '../../../src/lib/config/environment.js'
import {readSecretFile} from '../../../src/lib/config/secret-file.js'

const LONGEST = 64 * 1024

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'veza-secret-'))
  onTestFinished(() => rmSync(made, {recursive: true, force: true}))
  return made
}

function file(content: string | Buffer): string {
  const path = join(folder(), 'secret')
  writeFileSync(path, content)
  return path
}

describe('readSecretFile', () => {
  test.each([
    ['pässwörd', 'pässwörd'],
    ['pass word \n', 'pass word '],
    ['pass\r\n', 'pass'],
    ['pass\nmore\n', 'pass'],
    ['\ufeffpass\n', 'pass'],
    ['x'.repeat(LONGEST), 'x'.repeat(LONGEST)],
    [`pass\n${'x'.repeat(3 * LONGEST)}`, 'pass'],
  ])('takes the first line, case %#', (content, secret) => {
    expect(readSecretFile(file(content), 'VEZA_TOKEN_FILE')).toBe(secret)
  })

  test.each([
    ['', 'has an empty first line'],
    ['\npass\n', 'has an empty first line'],
    ['x'.repeat(LONGEST + 1), 'has a first line of more than 64 KiB'],
    [Buffer.from([0x70, 0xff, 0x0a]), 'is no text in UTF-8'],
  ])('takes nothing else, case %#', (content, why) => {
    const path = file(content)
    expect(() => readSecretFile(path, 'VEZA_TOKEN_FILE')).toThrow(
      expect.objectContaining({code: 'config', exitCode: 2, message: `VEZA_TOKEN_FILE: ${path} ${why}`}),
    )
  })

  test('names the variable and the file that cannot be read', () => {
    const dir = folder()
    mkdirSync(join(dir, 'sub'))
    const fault = (path: string) => () => readSecretFile(path, 'BOT_PASSWORD_FILE')
    expect(fault(join(dir, 'gone'))).toThrow(`BOT_PASSWORD_FILE: ${join(dir, 'gone')} does not exist`)
    expect(fault(join(dir, 'sub'))).toThrow(`BOT_PASSWORD_FILE: ${join(dir, 'sub')} is a folder`)
    expect(fault('/dev/zero')).toThrow('has a first line of more than 64 KiB')
  })

  test('reads a pipe to the end of its first line', () => {
    const path = join(folder(), 'pipe')
    execFileSync('mkfifo', [path])
    // Opened for both, so that neither the writer here nor the reader waits for the other.
    execFileSync('sh', ['-c', '(printf "pa"; printf "ss\\n") > "$0" &', path], {stdio: 'ignore'})
    expect(readSecretFile(path, 'VEZA_TOKEN_FILE')).toBe('pass')
  })
})

describe('the environment', () => {
  test.each(SECRET_VARIABLES)('%s may stand in a file', name => {
    const path = file('from a file\n')
    expect(processEnvironment({[`${name}_FILE`]: path}).get(name)).toBe('from a file')
    expect(processEnvironment({[`${name}_FILE`]: '', [name]: 'x'}).get(name)).toBe('x')
    expect(processEnvironment({[`${name}_FILE`]: path, [name]: ''}).get(name)).toBe('from a file')
  })

  test('both set is a usage error, only when it is asked for', () => {
    const environment = processEnvironment({VEZA_TOKEN: 'secret-1', VEZA_TOKEN_FILE: '/nowhere'})
    expect(() => environment.get('VEZA_TOKEN')).toThrow(
      expect.objectContaining({code: 'usage', message: 'VEZA_TOKEN and VEZA_TOKEN_FILE are both set'}),
    )
  })

  test('reads the file once, when it is first asked for', () => {
    const path = join(folder(), 'later')
    const environment = processEnvironment({VEZA_PASSWORD_FILE: path})
    writeFileSync(path, 'first')
    expect(environment.get('VEZA_PASSWORD')).toBe('first')
    writeFileSync(path, 'second')
    expect(environment.get('VEZA_PASSWORD')).toBe('first')
  })

  test('only secrets stand in files', () => {
    expect(processEnvironment({VEZA_SERVER_FILE: '/nowhere'}).get('VEZA_SERVER')).toBeUndefined()
  })

  test('tells all secrets of files to what has to leave them out', () => {
    const environment = processEnvironment({
      VEZA_API_KEY_FILE: file('k-1234567\n'),
      VEZA_TOKEN_FILE: '/nowhere',
      VEZA_PASSWORD: 'not in a file',
    })
    expect(secretsInFiles(environment)).toEqual({VEZA_API_KEY: 'k-1234567'})
  })
})
