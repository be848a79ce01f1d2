import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Query, Table } from '../../../ports.ts'
import { chunkSql, maximumKeySql, planChunks, type ChunkKey, type ChunkPlan } from '../chunk-query.ts'
import { fakeSource, fakeTable } from './fake-server.ts'

interface Facts {
  readonly [column: string]: readonly [type: string, isDomain?: boolean, inIdentity?: boolean]
}

const base: Facts = { id: ['integer'], v: ['text'], tableoid: ['oid'], ctid: ['tid'] }

function plan(
  table: Partial<Table>,
  surrogateKey?: string,
  facts: Facts = {},
): Promise<ChunkPlan | undefined> {
  const rows = Object.entries({ ...base, ...facts }).map(
    ([name, [type, isDomain = false, inIdentity = false]]) => ({
      name,
      type,
      is_domain: String(isDomain),
      in_identity: String(inIdentity),
    }),
  )
  const query: Query = () => Promise.resolve(rows)
  return planChunks(query, fakeSource(fakeTable('t', 1, table)), surrogateKey)
}

async function sqlOf(
  table: Partial<Table>,
  after: ChunkKey | null,
  maximum: ChunkKey,
  options: { surrogateKey?: string; facts?: Facts; condition?: string } = {},
): Promise<string> {
  const made = await plan(table, options.surrogateKey, options.facts)
  assert.ok(made)
  return chunkSql(made, { after, maximum, limit: 3 }, options.condition)
}

test('chunks are compared with the columns as a whole, in the order of the key', async () => {
  assert.equal(
    await sqlOf({ primaryKey: ['v', 'id'], columns: notNull() }, ["it's", '1'], ['z', '9']),
    `COPY (SELECT "id", "v" FROM "public"."t" WHERE (("v", "id") > ('it''s'::text, '1'::integer))` +
      ` AND (("v", "id") <= ('z'::text, '9'::integer)) ORDER BY "v", "id" LIMIT 3) TO STDOUT`,
  )
})

test('the first chunk has only an end, and a condition is added', async () => {
  assert.equal(
    await sqlOf({}, null, ['9'], { condition: 'a OR b' }),
    `COPY (SELECT "id", "v" FROM "public"."t" WHERE (("id") <= ('9'::integer)) AND (a OR b)` +
      ` ORDER BY "id" LIMIT 3) TO STDOUT`,
  )
})

test('NULLs come last', async () => {
  const options = { surrogateKey: 'v' }
  assert.match(
    await sqlOf({}, ['a', '1'], [null, '9'], options),
    /WHERE \(\("v" > 'a'::text OR "v" IS NULL OR \("v" = 'a'::text AND \("id" > '1'::integer OR \("id" = '1'::integer AND false\)\)\)\)\)/,
  )
  assert.match(
    await sqlOf({}, [null, '1'], [null, '9'], options),
    /\(\("v" IS NULL AND \("id" > '1'::integer .* AND \(\("v" IS NOT NULL OR \("id" < '9'::integer/,
  )
})

test('a surrogate key is made unique by the primary key', async () => {
  const made = await plan({}, 'v')
  assert.deepEqual(
    made?.key.map(({ name }) => name),
    ['v', 'id'],
  )
  assert.equal(made.configuredKey, 1)
  assert.deepEqual(made.keyCells, [1, 0])
})

test('without a primary key the position of the row makes keys unique', async () => {
  const made = await plan({ primaryKey: [], uniqueIndex: ['v'] })
  assert.deepEqual(
    made?.key.map(({ name }) => name),
    ['v', 'tableoid', 'ctid'],
  )
  assert.deepEqual(made.cells, ['id', 'v', 'tableoid', 'ctid'])
})

test('a table without any key cannot be read in chunks', async () => {
  assert.equal(await plan({ primaryKey: [] }), undefined)
  assert.notEqual(await plan({ primaryKey: [] }, 'v'), undefined)
})

test('domains are compared as their base types', async () => {
  const facts: Facts = { id: ['public.mood', true] }
  assert.match(await sqlOf({}, null, ['a'], { facts }), /\("id"::public\.mood\) <= \('a'::public\.mood\)/)
})

test('the last key is found with the same order', async () => {
  const made = await plan({}, 'v')
  assert.ok(made)
  assert.equal(
    maximumKeySql(made, 'x'),
    'SELECT "v" AS k0, "id" AS k1 FROM "public"."t" WHERE (x) ORDER BY "v" DESC, "id" DESC LIMIT 1',
  )
})

test('rows are told by what the server sends of old rows', async () => {
  assert.deepEqual((await plan({}, 'v'))?.identity, { columns: ['id'], unique: true })
  const facts: Facts = { v: ['text', false, true] }
  assert.deepEqual((await plan({ replicaIdentity: 'i' }, undefined, facts))?.identity, {
    columns: ['v'],
    unique: true,
  })
  assert.deepEqual((await plan({ primaryKey: [], replicaIdentity: 'f' }, 'v'))?.identity, {
    columns: ['id', 'v'],
    unique: false,
  })
})

function notNull(): Table['columns'] {
  return fakeTable('t', 1).columns.map((column) => ({ ...column, optional: false }))
}
