// The bundles carry other people's work; their licences go with it.
import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'

/** Writes name, version and licence text of each package that has a file in one of the bundles. */
export function writeLicences(root, results, target) {
  const inputs = results.flatMap(result => Object.keys(result.metafile.inputs))
  const packages = [...new Set(inputs.map(packageFolder).filter(Boolean))].sort()
  writeFileSync(target, packages.map(folder => licenceOf(join(root, folder))).join('\n'))
}

function packageFolder(input) {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0]
}

function licenceOf(folder) {
  const {name, version, license} = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const file = existsSync(folder) && readdirSync(folder).find(entry => /^(licen[cs]e|copying)/i.test(entry))
  const text = file ? readFileSync(join(folder, file), 'utf8').trim() : `License: ${license}`
  return `${'='.repeat(80)}\n${name} ${version}\n${'='.repeat(80)}\n${text}\n`
}
