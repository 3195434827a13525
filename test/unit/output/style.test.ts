import {stripVTControlCharacters} from 'node:util'
import {describe, expect, it} from 'vitest'
import {createStyle, plainStyle, type Style} from '../../../src/lib/output/style.js'

const PAINTS = ['bold', 'dim', 'red', 'green', 'yellow', 'cyan', 'author'] as const
const painted = (style: Style) => PAINTS.map(name => style[name]('text'))

describe('createStyle', () => {
  it('leaves text alone at level 0', async () => {
    const style = await createStyle(0)
    expect(style).toBe(plainStyle)
    expect(painted(style)).toEqual(PAINTS.map(() => 'text'))
  })

  it.each([1, 2, 3] as const)('sets each kind of text off at level %i', async level => {
    const texts = painted(await createStyle(level))
    expect(new Set(texts).size).toBe(PAINTS.length)
    expect(texts.map(stripVTControlCharacters)).toEqual(PAINTS.map(() => 'text'))
  })

  it('gives an author the same colour each time, and not all the same', async () => {
    const style = await createStyle(2)
    expect(style.author('ada')).toBe((await createStyle(2)).author('ada'))
    const colours = ['ada', 'bob', 'cyd', 'dan', 'eve'].map(name => style.author('x', name))
    expect(new Set(colours).size).toBeGreaterThan(1)
  })

  it('paints 16 colours only at level 1', async () => {
    expect((await createStyle(1)).author('ada')).not.toContain('38;5;')
    expect((await createStyle(2)).author('ada')).toContain('38;5;')
  })
})
