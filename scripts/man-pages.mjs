// docs/man/: a manual page of veza and one of each topic, from the manifest, and the list of them in package.json.
import {existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {loadSource} from './lib/load-source.mjs'
import {bold, italic, paragraphs, term, text, verbatim} from './lib/roff.mjs'

const root = join(import.meta.dirname, '..')
const folder = join(root, 'docs', 'man')
const packageFile = join(root, 'package.json')

/** The pages, by path. */
export function manFiles() {
  return existsSync(folder) ? readdirSync(folder).map(file => join(folder, file)) : []
}

export async function writeManPages() {
  const {EXIT_MEANINGS} = await loadSource('lib/errors/catalogue.ts')
  const {commands} = JSON.parse(readFileSync(join(root, 'oclif.manifest.json'), 'utf8'))
  const about = JSON.parse(readFileSync(packageFile, 'utf8'))
  const groups = groupsOf(Object.values(commands).filter(({hidden}) => hidden !== true))
  const pages = new Map([
    ['veza', mainPage(groups, about, EXIT_MEANINGS)],
    ...[...groups].map(([topic, group]) => [`veza-${topic}`, topicPage(topic, group, about)]),
  ])
  rmSync(folder, {recursive: true, force: true})
  mkdirSync(folder, {recursive: true})
  for (const [name, lines] of pages) writeFileSync(join(folder, `${name}.1`), `${lines.join('\n')}\n`)
  const man = [...pages.keys()].sort().map(name => `./docs/man/${name}.1`)
  // Written only where it changes: a build is as old as package.json.
  const text = `${JSON.stringify({...about, man}, null, 2)}\n`
  if (text !== readFileSync(packageFile, 'utf8')) writeFileSync(packageFile, text)
}

function groupsOf(commands) {
  const groups = new Map()
  for (const command of commands) {
    const topic = command.id.split(':')[0]
    groups.set(topic, [...(groups.get(topic) ?? []), command])
  }
  return groups
}

function head(name, summary, {version}) {
  return [
    // No date: the pages are the same whenever they are made.
    `.TH ${name.toUpperCase().replaceAll('-', '\\-')} 1 "" "veza ${version}" "Veza manual"`,
    '.SH NAME',
    `${text(name)} \\- ${text(summary)}`,
  ]
}

function mainPage(groups, about, meanings) {
  const topics = [...groups].map(([topic, group]) =>
    term(bold(`veza\\-${topic}`.replaceAll('\\-', '-')), summaryOf(topic, group, about)),
  )
  const codes = Object.entries(meanings).map(([code, meaning]) => term(bold(code), meaning))
  return [
    ...head('veza', about.description.replace(/\.$/, ''), about),
    '.SH SYNOPSIS',
    `${bold('veza')} ${italic('COMMAND')} [${italic('ARGUMENT')} ...] [${italic('FLAG')} ...]`,
    '.SH DESCRIPTION',
    text('Each topic has a page of its own, and each command says with --help what it takes.'),
    ...topics.flat(),
    '.SH EXIT STATUS',
    ...codes.flat(),
    '.SH SEE ALSO',
    [...groups.keys()].map(topic => `\\fB${text(`veza-${topic}`)}\\fR(1)`).join(',\n'),
  ]
}

function summaryOf(topic, group, {oclif}) {
  return oclif.topics[topic]?.description ?? group[0].summary
}

function topicPage(topic, group, about) {
  return [
    ...head(`veza-${topic}`, summaryOf(topic, group, about), about),
    '.SH SYNOPSIS',
    ...group.flatMap((command, index) => [...(index === 0 ? [] : ['.br']), synopsis(command)]),
    '.SH COMMANDS',
    ...group.flatMap(commandLines),
    ...globalLines(group),
    '.SH SEE ALSO',
    `\\fB${text('veza')}\\fR(1)`,
  ]
}

function synopsis({id, args, usage}) {
  const name = bold(`veza ${id.replaceAll(':', ' ')}`)
  if (usage !== undefined) return `${bold('veza')} ${text([usage].flat()[0])}`
  return [name, ...Object.values(args).map(argText), `[${italic('FLAG')} ...]`].join(' ')
}

function argText({name, required, multiple}) {
  const word = `${italic(name.toUpperCase())}${multiple ? ' ...' : ''}`
  return required ? word : `[${word}]`
}

function commandLines(command) {
  const own = flagsOf(command).filter(({helpGroup}) => !isGlobal(helpGroup))
  const described = Object.values(command.args).map(argument =>
    term(italic(argument.name.toUpperCase()), argument.description ?? ''),
  )
  return [
    `.SS ${text(`veza ${command.id.replaceAll(':', ' ')}`)}`,
    `${text(command.summary)}.`,
    ...(command.description === undefined ? [] : paragraphs(command.description)),
    ...described.flat(),
    ...own.flatMap(flagLines),
    ...exampleLines(command),
  ]
}

function exampleLines({id, examples = []}) {
  const lines = examples.map(example =>
    example.replaceAll('<%= config.bin %>', 'veza').replaceAll('<%= command.id %>', id.replaceAll(':', ' ')),
  )
  return lines.length === 0 ? [] : ['.PP', 'Examples:', ...verbatim(lines)]
}

/** What all commands take stands once, at the end. */
function globalLines(group) {
  const flags = new Map(
    group
      .flatMap(flagsOf)
      .filter(({helpGroup}) => isGlobal(helpGroup))
      .map(flag => [flag.name, flag]),
  )
  return ['.SH GLOBAL FLAGS', ...[...flags.values()].flatMap(flagLines)]
}

function isGlobal(group) {
  return group === 'GLOBAL' || group === 'NETWORK'
}

function flagsOf({flags}) {
  return Object.values(flags)
    .filter(({hidden}) => hidden !== true)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

function flagLines({name, char, helpValue, type, summary = '', description = ''}) {
  const long = bold(`--${name}`)
  const names = char === undefined ? long : `${bold(`-${char}`)}, ${long}`
  const value = type === 'option' ? ` ${italic(String(helpValue ?? name.toUpperCase()))}` : ''
  return term(`${names}${value}`, summary || description)
}
