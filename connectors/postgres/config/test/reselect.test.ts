import assert from 'node:assert/strict'
import { test } from 'node:test'
import { postProcessorFaults, reselectSettings } from '../reselect.ts'

const type = 'io.debezium.processors.reselect.ReselectColumnsPostProcessor'

test('a post processor reads all columns again by default', () => {
  const [settings] = reselectSettings({ 'post.processors': 'r', 'r.type': type })
  assert.equal(settings?.selects('public.t', 'c'), true)
  assert.deepEqual(
    { ...settings, selects: undefined },
    { selects: undefined, unavailableValues: true, nullValues: true, useEventKey: false, onError: 'warn' },
  )
})

test('settings may begin with post.processors and the name, or with the name', () => {
  const settings = reselectSettings({
    'post.processors': 'a, b',
    'post.processors.a.type': type,
    'post.processors.a.reselect.columns.include.list': 'public.t:(x|y)',
    'post.processors.a.reselect.null.values': 'false',
    'b.type': type,
    'b.reselect.columns.exclude.list': 'public.t:x',
    'b.reselect.error.handling.mode': 'FAIL',
    'b.reselect.use.event.key': 'true',
  })
  assert.deepEqual(
    settings.map(({ selects, ...others }) => ({
      ...others,
      columns: ['x', 'y', 'z'].filter((column) => selects('Public.T', column)),
    })),
    [
      {
        columns: ['x', 'y'],
        unavailableValues: true,
        nullValues: false,
        useEventKey: false,
        onError: 'warn',
      },
      { columns: ['y', 'z'], unavailableValues: true, nullValues: true, useEventKey: true, onError: 'fail' },
    ],
  )
})

test('other types and invalid settings are refused', () => {
  const keysOf = (props: Readonly<Record<string, string>>) => postProcessorFaults(props).map(({ key }) => key)
  assert.deepEqual(keysOf({}), [])
  assert.deepEqual(keysOf({ 'post.processors': 'r', 'r.type': type }), [])
  assert.deepEqual(keysOf({ 'post.processors': 'r', 'r.type': 'my.Processor' }), ['post.processors'])
  assert.deepEqual(
    keysOf({
      'post.processors': 'r',
      'r.type': type,
      'r.reselect.columns.include.list': '(',
      'r.reselect.null.values': 'maybe',
      'r.reselect.error.handling.mode': 'ignore',
    }),
    ['r.reselect.columns.include.list', 'r.reselect.null.values', 'r.reselect.error.handling.mode'],
  )
})
