import {mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect, onTestFinished, test} from 'vitest'
import {makeFolder} from '../../../src/lib/state/make-folder.js'

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'veza-folder-'))
  onTestFinished(() => rmSync(path, {recursive: true, force: true}))
  return path
}

test('makes those above it, each with the mode', () => {
  const root = folder()
  makeFolder(join(root, 'a', 'b', 'c'))
  for (const path of ['a', 'a/b', 'a/b/c']) expect(statSync(join(root, path)).mode & 0o777).toBe(0o700)
})

test('is content with one that is there, and with a link to one', () => {
  const root = folder()
  symlinkSync(root, join(root, 'link'))
  makeFolder(root)
  makeFolder(join(root, 'link'))
  makeFolder(join(root, 'link', 'new'), 0o750)
  expect(statSync(join(root, 'new')).mode & 0o777).toBe(0o750)
})

test.each(['file', 'file/below/it'])('a file in the way is an error: %s', path => {
  const root = folder()
  writeFileSync(join(root, 'file'), '')
  expect(() => makeFolder(join(root, path))).toThrow(/EEXIST|ENOTDIR/)
})

// Node's own recursive mkdir does not return from here.
test.runIf(process.platform === 'linux')('below /proc it fails at once', () => {
  expect(() => makeFolder('/proc/nothing/state/veza')).toThrow(/ENOENT/)
})
