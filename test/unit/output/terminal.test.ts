import {describe, expect, it} from 'vitest'
import {
  type ColourInputs,
  colourLevel,
  isUnicodeLocale,
  terminalWidth,
} from '../../../src/lib/output/terminal.js'

describe('colourLevel', () => {
  it.each<[string, ColourInputs, number]>([
    ['a pipe', {isTTY: false, TERM: 'xterm-256color'}, 0],
    ['a terminal', {isTTY: true}, 1],
    ['a terminal with 256 colours', {isTTY: true, TERM: 'xterm-256color'}, 2],
    ['a dumb terminal', {isTTY: true, TERM: 'dumb'}, 0],
    ['NO_COLOR', {isTTY: true, NO_COLOR: '1'}, 0],
    ['an empty NO_COLOR', {isTTY: true, NO_COLOR: ''}, 1],
    ['FORCE_COLOR in a pipe', {isTTY: false, FORCE_COLOR: '1'}, 1],
    ['FORCE_COLOR=true', {isTTY: false, FORCE_COLOR: 'true'}, 1],
    ['FORCE_COLOR=2', {isTTY: false, FORCE_COLOR: '2'}, 2],
    ['FORCE_COLOR=3', {isTTY: false, FORCE_COLOR: '3'}, 3],
    ['FORCE_COLOR=0', {isTTY: true, FORCE_COLOR: '0'}, 0],
    ['FORCE_COLOR=false', {isTTY: true, FORCE_COLOR: 'false'}, 0],
    ['an empty FORCE_COLOR', {isTTY: false, FORCE_COLOR: ''}, 0],
    ['FORCE_COLOR over NO_COLOR', {isTTY: false, FORCE_COLOR: '1', NO_COLOR: '1'}, 1],
    ['FORCE_COLOR on a dumb terminal', {isTTY: true, FORCE_COLOR: '1', TERM: 'dumb'}, 1],
    ['--no-color over all', {isTTY: true, FORCE_COLOR: '3', noColorFlag: true}, 0],
  ])('%s', (_what, inputs, level) => {
    expect(colourLevel(inputs)).toBe(level)
  })
})

describe('terminalWidth', () => {
  it('is what the terminal says, or 80', () => {
    expect(terminalWidth(132)).toBe(132)
    expect(terminalWidth(undefined)).toBe(80)
    expect(terminalWidth(0)).toBe(80)
  })
})

describe('isUnicodeLocale', () => {
  it.each([
    [{LANG: 'en_US.UTF-8'}, true],
    [{LANG: 'C.utf8'}, true],
    [{LANG: 'en_US.ISO-8859-1'}, false],
    [{LANG: 'C'}, false],
    [{}, false],
    [{LANG: ''}, false],
    [{LC_ALL: 'C', LC_CTYPE: 'de_DE.UTF-8', LANG: 'de_DE.UTF-8'}, false],
    [{LC_ALL: '', LC_CTYPE: 'C', LANG: 'de_DE.UTF-8'}, false],
    [{LC_CTYPE: 'de_DE.UTF-8', LANG: 'C'}, true],
  ])('%j is %s', (variables, isUnicode) => {
    expect(isUnicodeLocale({...variables, platform: 'linux'})).toBe(isUnicode)
  })

  it('is so on Windows unless a variable says otherwise', () => {
    expect(isUnicodeLocale({platform: 'win32'})).toBe(true)
    expect(isUnicodeLocale({LANG: 'C', platform: 'win32'})).toBe(false)
  })
})
