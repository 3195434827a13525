import {describe, expect, test} from 'vitest'
import {readCiRun} from '../../../../src/lib/cli/ci/read-ci-run.js'
import {parseField} from '../../../../src/lib/cli/notify/flags.js'
import {BUILT_IN, fillIn, openTemplate} from '../../../../src/lib/cli/notify/template.js'
import {FIELDS, type NotifyParts, templateValues} from '../../../../src/lib/cli/notify/values.js'
import {compileTemplate} from '../../../../src/lib/output/template.js'
import {RUNS} from '../ci/services.js'

const NOTHING: NotifyParts = {
  run: undefined,
  status: undefined,
  title: undefined,
  message: undefined,
  fields: [],
  attachments: [],
}

async function builtIn(parts: Partial<NotifyParts>): Promise<string> {
  return fillIn(
    await openTemplate(undefined, new AbortController().signal),
    templateValues({...NOTHING, ...parts}),
  )
}

describe('the built-in template', () => {
  test.each(RUNS)(
    '$service: no empty line, no undefined, and each line says something',
    async ({variables}) => {
      const run = await readCiRun(variables)
      const text = await builtIn({run, status: run?.status})
      expect(text).not.toMatch(/undefined|^\s*$|: *$/m)
      expect(text.split('\n')[0]).toContain(run?.repository ?? '?')
    },
  )

  test('with everything', async () => {
    const run = await readCiRun(RUNS[1].variables)
    const parts = {
      run,
      status: 'failure' as const,
      title: 'Nightly',
      message: 'first\n\nsecond',
      fields: [
        {name: 'env', value: 'prod'},
        {name: 'empty', value: ''},
      ],
      attachments: [{name: 'a.log', url: 'https://x/1'}],
    }
    expect(await builtIn(parts)).toBe(
      '❌ failure: Nightly\nacme/shop main 1ecfd27\njob: test 1/3\n' +
        'run: https://gitlab.example/acme/shop/-/jobs/501\nenv: prod\nempty: \nfile: a.log https://x/1\n\nfirst\n\nsecond',
    )
  })

  test('with nothing there is nothing to say', async () => {
    await expect(builtIn({})).rejects.toMatchObject({code: 'usage', message: 'there is nothing to say'})
  })

  test('uses known fields only', async () => {
    await expect(compileTemplate(BUILT_IN, {fields: FIELDS, source: 'x', clean: String})).resolves.toBeTypeOf(
      'function',
    )
  })
})

test('every field of a template has its value', async () => {
  const run = await readCiRun({...RUNS[1].variables, CI_COMMIT_TAG: 'v1', CI_MERGE_REQUEST_IID: '9'})
  const all = {
    ...NOTHING,
    run: run && {...run, branch: 'main'},
    status: 'success',
    title: 't',
    message: 'm',
  } as const
  const values = templateValues(all)
  const ofEntries = ['name', 'value', 'url']
  expect(Object.keys(values).sort()).toEqual(FIELDS.filter(name => !ofEntries.includes(name)).sort())
  expect(Object.entries(values).filter(([, value]) => value === undefined)).toEqual([])
})

describe('parseField', () => {
  test('the first equals sign ends the name', () => {
    expect(parseField('a=b=c', '--field')).toEqual({name: 'a', value: 'b=c'})
    expect(parseField('a=', '--field')).toEqual({name: 'a', value: ''})
  })

  test.each(['', 'a', '=b'])('%j is a usage error', text => {
    expect(() => parseField(text, '--field')).toThrow(expect.objectContaining({code: 'usage'}))
  })
})
