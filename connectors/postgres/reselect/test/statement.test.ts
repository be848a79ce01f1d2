import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reselectSql } from '../statement.ts'

const id = { column: 'id', cell: 0, type: '"pg_catalog"."int4"', isDomain: false }

test('all rows are read by one statement, which numbers them', () => {
  const plan = { from: 'ONLY "public"."t"', key: [id] }
  assert.equal(
    reselectSql(plan, [{ column: 'a"b' }, { column: 'c' }], [['1'], ['2']]),
    'COPY (SELECT k.n, t."a""b", t."c" FROM (VALUES (0, \'1\'::"pg_catalog"."int4"), (1, \'2\')) AS k (n, k0)' +
      ' JOIN ONLY "public"."t" AS t ON t."id" = k.k0) TO STDOUT',
  )
})

test('keys can have several columns, quotes, and domains as types', () => {
  const code = { column: 'code', cell: 1, type: '"public"."mood"', isDomain: true }
  assert.equal(
    reselectSql({ from: '"s"."t"', key: [id, code] }, [{ column: 'c' }], [['1', String.raw`it's \ok`]]),
    String.raw`COPY (SELECT k.n, t."c" FROM (VALUES (0, '1'::"pg_catalog"."int4", 'it''s \ok'::"public"."mood")) AS k (n, k0, k1)` +
      ' JOIN "s"."t" AS t ON t."id" = k.k0 AND t."code"::"public"."mood" = k.k1) TO STDOUT',
  )
})
