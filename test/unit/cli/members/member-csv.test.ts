import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {parseMembers} from '../../../../src/lib/cli/members/member-csv.js'
import {VezaError} from '../../../../src/lib/errors/veza-error.js'

const bob = {line: 2, user: {name: 'bob'}, role: 'moderator'}

describe('a CSV with a header', () => {
  test.each([
    ['as is', 'user,role\nbob,moderator\n'],
    ['without a last line end', 'user,role\nbob,moderator'],
    ['with CRLF', 'user,role\r\nbob,moderator\r\n'],
    ['the columns the other way', 'role,user\nmoderator,bob\n'],
    ['quoted', '"user","role"\n"bob","moderator"\n'],
    ['with blanks and capitals', ' User , ROLE \n  @bob ,  Moderator \n'],
    ['with semicolons, as some spreadsheets write it', 'user;role\nbob;moderator\n'],
    ['with tabs', 'user\trole\nbob\tmoderator\n'],
    ['the column called username', 'username,role\nbob,moderator\n'],
  ])('%s', async (_name, text) => {
    expect(await parseMembers(text, 'f')).toEqual({rows: [bob], problems: []})
  })

  test('a role may be left empty, empty lines are left out, and each row has its own line', async () => {
    const {rows} = await parseMembers('user,role\n\nbob,\n  \n7,owner\n', 'f')
    expect(rows).toEqual([
      {line: 3, user: {name: 'bob'}, role: undefined},
      {line: 5, user: {id: 7}, role: 'owner'},
    ])
  })

  test('digits are a name in the column username, and an id elsewhere', async () => {
    expect((await parseMembers('username\n123\n', 'f')).rows[0]!.user).toEqual({name: '123'})
    expect((await parseMembers('user_id\n123\n', 'f')).rows[0]!.user).toEqual({id: 123})
    expect((await parseMembers('id\nbob\n', 'f')).problems).toMatchObject([
      {line: 2, error: {code: 'usage', message: '"bob" is no id'}},
    ])
  })

  test('every bad row is named with what is wrong', async () => {
    const text = 'user,role\nbob,boss\nalice\n,member\nbob,member,x\n0,member\ncarol,member\n'
    const {rows, problems} = await parseMembers(text, 'f')
    expect(rows).toEqual([{line: 7, user: {name: 'carol'}, role: 'member'}])
    expect(problems.map(({line, error}) => `${line}: ${error.message}`)).toEqual([
      '2: "boss" is no role: owner, moderator, member',
      '3: has 1 column, should have 2',
      '4: the user is empty',
      '5: has 3 columns, should have 2',
      expect.stringMatching(/^6: the user/),
    ])
  })

  test.each([
    ['a header of others', 'name,role\nbob,member\n', /^line 1: the columns should be user and role/],
    ['a misspelt role', 'user,rol\nbob,member\n', /^line 1: /],
    ['two columns for the user', 'user,id\nbob,3\n', /^line 1: /],
    ['no header', '\nbob,member\n', /^line 2: /],
    ['nothing', '', /^f is empty$/],
    ['nothing but empty lines', '\n \n\r\n', /^f is empty$/],
    ['a quote inside', 'user\nbob\nal"ice\n', /^line 3 of f has a quote/],
    ['an open quote', 'user\n"bob\nalice\n', /^line \d of f has a quote/],
  ])('%s is a usage error', async (_name, text, message) => {
    await expect(parseMembers(text, 'f')).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(message),
    })
  })

  test('a header alone has no rows', async () => {
    expect(await parseMembers('user,role\n', 'f')).toEqual({rows: [], problems: []})
  })
})

describe('a plain list', () => {
  test('has one name a line, the first one too', async () => {
    const {rows, problems} = await parseMembers('bob\n@user\n\n17\n', 'f')
    expect(rows.map(row => [row.line, row.user])).toEqual([
      [1, {name: 'bob'}],
      [2, {name: 'user'}],
      [4, {id: 17}],
    ])
    expect(problems).toEqual([])
  })

  test('has no second column', async () => {
    const {problems} = await parseMembers('bob\nalice,member\n', 'f')
    expect(problems).toMatchObject([{line: 2, error: {message: 'has 2 columns, should have 1'}}])
  })
})

test('whatever a file holds, it is rows and problems of its own lines, or a usage error', async () => {
  const piece = fc.constantFrom(
    'user',
    'role',
    'bob',
    ',',
    ';',
    '\n',
    '\r\n',
    '"',
    ' ',
    '7',
    'member',
    '\t',
    'é',
  )
  await fc.assert(
    fc.asyncProperty(fc.array(piece, {maxLength: 30}), async pieces => {
      const text = pieces.join('')
      const lines = text.split('\n').length
      try {
        const {rows, problems} = await parseMembers(text, 'f')
        for (const {line} of [...rows, ...problems]) expect(line).toSatisfy(n => n >= 1 && n <= lines)
      } catch (error) {
        expect(error).toBeInstanceOf(VezaError)
        expect(error).toMatchObject({code: 'usage'})
      }
    }),
    {numRuns: 300},
  )
})
