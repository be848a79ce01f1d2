import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Decimal } from '../../../../api/index.ts'
import { numeric, readerOf, type ColumnOptions } from './columns.ts'

function defaultOf(type: string, defaultExpression: string, options: ColumnOptions = {}): unknown {
  return readerOf(type, { ...options, defaultExpression }).schema.defaultValue
}

test('literals are defaults, with and without quotes and casts', () => {
  assert.equal(defaultOf('int4', '5'), 5)
  assert.equal(defaultOf('int4', "'-7'::integer"), -7)
  assert.equal(defaultOf('int8', "'123456789012'::bigint"), 123456789012)
  assert.equal(defaultOf('int8', "'9223372036854775807'::bigint"), 9223372036854775807n)
  assert.equal(defaultOf('float4', '1.1'), Math.fround(1.1))
  assert.equal(defaultOf('float8', "'1e100'::numeric"), 1e100)
  assert.equal(defaultOf('float8', "'NaN'::double precision"), Number.NaN)
  assert.equal(defaultOf('float4', "'-Infinity'::real"), Number.NEGATIVE_INFINITY)
  assert.equal(defaultOf('float8', 'random() + 1'), 0)
  assert.equal(defaultOf('float8', 'pi'), null)
  assert.equal(defaultOf('bool', 'true'), true)
  assert.equal(defaultOf('bool', 'false'), false)
  assert.equal(defaultOf('text', "'abc'::text"), 'abc')
  assert.equal(defaultOf('bpchar', "'ab'::bpchar", { typmod: 7 }), 'ab')
  assert.equal(defaultOf('json', `'{"a":1}'::json`), '{"a":1}')
  const uuid = '00000000-0000-0000-0000-000000000001'
  assert.equal(defaultOf('uuid', `'${uuid}'::uuid`), uuid)
  assert.deepEqual(defaultOf('bit', `'101'::"bit"`, { typmod: 3 }), Buffer.from([5]))
  assert.equal(defaultOf('bit', `'1'::"bit"`, { typmod: 1 }), true)
})

test('decimals get the scale of the column, and none if they would be rounded', () => {
  const typmod = numeric(5, 2)
  assert.deepEqual(defaultOf('numeric', '1.5', { typmod }), new Decimal(150n, 2))
  assert.equal(defaultOf('numeric', '1.255', { typmod }), null)
  assert.equal(defaultOf('numeric', '1.5', { typmod, settings: { decimalMode: 'string' } }), '1.50')
  assert.equal(defaultOf('numeric', '1.5', { typmod, settings: { decimalMode: 'double' } }), 1.5)
  assert.equal(defaultOf('numeric', '1.255', { typmod, settings: { decimalMode: 'double' } }), null)
  assert.equal(defaultOf('numeric', '3.5', { settings: { decimalMode: 'string' } }), '3.5')
  assert.equal(defaultOf('numeric', '3.5', { settings: { decimalMode: 'double' } }), 3.5)
})

test('a text with quotes ends at the first one, as in Debezium', () => {
  assert.equal(defaultOf('text', "'x''y'::text"), 'x')
})

test('functions have a fixed default by type', () => {
  assert.equal(defaultOf('int4', "nextval('s_seq'::regclass)"), 0)
  assert.equal(defaultOf('text', "upper('x'::text)"), '')
  assert.equal(defaultOf('json', 'json_build_object()'), '{}')
  assert.equal(defaultOf('uuid', 'gen_random_uuid()'), '00000000-0000-0000-0000-000000000000')
  assert.equal(defaultOf('bool', 'f(1, 2)'), false)
  assert.equal(defaultOf('text', 'CURRENT_DATE'), '')
  assert.deepEqual(defaultOf('numeric', 'random()', { typmod: numeric(5, 2) }), new Decimal(0n, 2))
  assert.deepEqual(defaultOf('varbit', 'f()', { typmod: 5 }), Buffer.alloc(0))
})

test('expressions and NULL have no default', () => {
  assert.equal(defaultOf('int4', '(1 + 2)'), null)
  assert.equal(defaultOf('varchar', 'NULL::character varying'), null)
  assert.equal(defaultOf('int2', '32768'), null)
  assert.equal(defaultOf('uuid', "'x'::uuid"), null)
  assert.equal(defaultOf('float8', 'pi'), null)
})

test('enums need a cast to their own type', () => {
  assert.equal(defaultOf('mood', "'ok'::mood"), 'ok')
  assert.equal(defaultOf('mood', "'ok'::public.mood"), 'ok')
  assert.equal(defaultOf('mood', "'ok'::other.mood"), null)
  assert.equal(defaultOf('mood', "'ok'::text"), null)
  assert.equal(defaultOf('mood', 'random_mood()'), null)
  assert.equal(defaultOf('Mood', `'x'::"Other"."Mood"`), 'x')
})

test('other types have no default', () => {
  const expressions = {
    bytea: "'\\x0102'::bytea",
    money: '1.5',
    oid: '5',
    inet: "'10.0.0.1'::inet",
    _int4: "'{1,2}'::integer[]",
    point: "'(1,2)'::point",
    numeric: '3.5',
    name: "'x'::name",
    char: `'x'::"char"`,
    citext: "'x'::citext",
    posint: '5',
  }
  for (const [type, expression] of Object.entries(expressions)) {
    assert.equal(defaultOf(type, expression), null, type)
  }
})
