import { strict as assert } from 'node:assert'
import { test } from 'node:test'

import type { Column, PgType, RowOrigin } from '../../ports.ts'
import { sourceTypeName, sourceTypeOf, sourceTypeParameters, UNLIMITED } from '../source-type.ts'

const base = (oid: number, name: string): PgType => ({ oid, name, schema: 'pg_catalog', kind: 'base' })
const types = [
  base(16, 'bool'),
  base(20, 'int8'),
  base(23, 'int4'),
  base(25, 'text'),
  base(700, 'float4'),
  base(1042, 'bpchar'),
  base(1043, 'varchar'),
  base(1082, 'date'),
  base(1083, 'time'),
  base(1114, 'timestamp'),
  base(1184, 'timestamptz'),
  base(1186, 'interval'),
  base(1266, 'timetz'),
  base(1560, 'bit'),
  base(1562, 'varbit'),
  base(1700, 'numeric'),
  { ...base(1007, '_int4'), kind: 'array', elementOid: 23 },
  { ...base(1231, '_numeric'), kind: 'array', elementOid: 1700 },
  { ...base(1115, '_timestamp'), kind: 'array', elementOid: 1114 },
  { ...base(90_001, 'code'), kind: 'domain', baseOid: 1043, baseTypmod: 14 },
  { ...base(90_002, 'subcode'), kind: 'domain', baseOid: 90_001, baseTypmod: -1 },
  { ...base(90_003, 'amount'), kind: 'domain', baseOid: 1700, baseTypmod: -1 },
] satisfies readonly PgType[]
const registry = { get: (oid: number): PgType | undefined => types.find((type) => type.oid === oid) }

function column(name: string, typmod = -1, defaultExpression: string | null = null): Column {
  const typeOid = types.find((type) => type.name === name)?.oid ?? 0
  const rest = { number: 1, optional: true, comment: 'a comment', generated: false }
  return { name: 'c', typeOid, typmod, defaultExpression, ...rest }
}

function describe(name: string, typmod?: number, origin: RowOrigin = 'stream') {
  const { length, scale } = sourceTypeOf(column(name, typmod), registry, origin)
  return [length, scale]
}

test('parameters contain the name in capitals, length, scale and the name of the column', () => {
  const parameters = (name: string, typmod: number) => {
    const entries = Object.entries(sourceTypeParameters(column(name, typmod), registry, 'snapshot'))
    return entries.map(([key, value]) => `${key.replace('__debezium.source.column.', '')}=${value}`).join()
  }
  assert.equal(parameters('int4', -1), 'type=INT4,length=10,scale=0,name=c')
  assert.equal(parameters('varchar', 44), 'type=VARCHAR,length=40,scale=0,name=c')
  assert.equal(parameters('numeric', 524_294), 'type=NUMERIC,length=8,scale=2,name=c')
  assert.equal(parameters('bpchar', 9), 'type=BPCHAR,length=5,scale=0,name=c')
  assert.equal(parameters('timestamp', 3), 'type=TIMESTAMP,length=26,scale=3,name=c')
  assert.equal(parameters('_int4', -1), 'type=_INT4,length=10,scale=0,name=c')
  assert.equal(parameters('numeric', -1), 'type=NUMERIC,length=0,name=c')
})

test('lengths and scales follow the type and its modifier', () => {
  assert.deepEqual(describe('bool'), [1, 0])
  assert.deepEqual(describe('int8'), [19, 0])
  assert.deepEqual(describe('float4'), [8, 8])
  assert.deepEqual(describe('text'), [UNLIMITED, 0])
  assert.deepEqual(describe('varchar'), [UNLIMITED, 0])
  assert.deepEqual(describe('bit', 8), [8, 0])
  assert.deepEqual(describe('varbit'), [UNLIMITED, 0])
  assert.deepEqual(describe('varbit', 5), [5, 0])
  assert.deepEqual(describe('date'), [13, 0])
  assert.deepEqual(describe('time', 0), [8, 0])
  assert.deepEqual(describe('time', 1), [11, 1])
  assert.deepEqual(describe('timetz'), [21, 6])
  assert.deepEqual(describe('timestamp'), [29, 6])
  assert.deepEqual(describe('timestamptz'), [35, 6])
  assert.deepEqual(describe('interval'), [49, 6])
  assert.deepEqual(describe('interval', 0x7f_ff_00_02), [49, 2])
  assert.deepEqual(describe('_timestamp', 3), [26, 3])
})

test('numeric without precision has no scale in a snapshot, and the maximum length in a stream', () => {
  assert.deepEqual(describe('numeric', -1, 'snapshot'), [0, undefined])
  assert.deepEqual(describe('numeric', -1, 'stream'), [131_089, 0])
  assert.deepEqual(describe('amount', -1, 'snapshot'), [131_089, 0])
  assert.deepEqual(describe('_numeric', -1, 'snapshot'), [131_089, 0])
})

test('a domain has the length of the type below it', () => {
  assert.deepEqual(describe('code'), [10, 0])
  assert.deepEqual(describe('subcode'), [10, 0])
})

test('a snapshot calls a column with a sequence serial', () => {
  const nameOf = (name: string, expression: string | null, origin: RowOrigin) => {
    const type = types.find((each) => each.name === name)
    assert.ok(type !== undefined)
    return sourceTypeName(column(name, -1, expression), type, origin)
  }
  assert.equal(nameOf('int4', "nextval('t_s_seq'::regclass)", 'snapshot'), 'serial')
  assert.equal(nameOf('int8', "nextval('t_s_seq'::regclass)", 'snapshot'), 'bigserial')
  assert.equal(nameOf('int4', "nextval('t_s_seq'::regclass)", 'stream'), 'int4')
  assert.equal(nameOf('int4', '5', 'snapshot'), 'int4')
  assert.equal(nameOf('text', "nextval('t_s_seq'::regclass)", 'snapshot'), 'text')
})
