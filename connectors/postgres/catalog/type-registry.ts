import type { PgType, Query, TypeRegistry } from '../ports.ts'

/** The types of a database, which grow when new types appear. */
export interface LoadedTypes extends TypeRegistry {
  /** Returns those of the oids that are not known. */
  missing(oids: readonly number[]): readonly number[]
  /**
   * Loads the types with these oids, and the types they consist of. Types that are known stay as they are: labels that
   * were added to an enum appear after a restart, so that the schemas of a running task do not depend on when it was
   * reading which table. Source: TypeRegistry.get.
   */
  add(query: Query, oids: readonly number[]): Promise<void>
}

/** An array is recognized by its element: int2vector has an element, too, and is none. */
const TYPES = `
SELECT t.oid::text AS oid, t.typname AS name, n.nspname AS schema, t.typtype::text AS type,
       t.typbasetype::text AS base, t.typtypmod::text AS typmod,
       (SELECT e.oid::text FROM pg_type e WHERE e.oid = t.typelem AND e.typarray = t.oid) AS element,
       (SELECT json_agg(l.enumlabel ORDER BY l.enumsortorder) FROM pg_enum l WHERE l.enumtypid = t.oid)::text AS labels
  FROM pg_type t
  JOIN pg_namespace n ON n.oid = t.typnamespace`

/** Each table has a row type and an array of it, which would be most of the types. */
const WITHOUT_ROW_TYPES = `
 WHERE NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind <> 'c')
   AND NOT EXISTS (SELECT FROM pg_type e JOIN pg_class c ON c.oid = e.typrelid
                    WHERE e.oid = t.typelem AND e.typarray = t.oid AND c.relkind <> 'c')`

const WITH_PARTS = `
 WHERE t.oid IN (
       WITH RECURSIVE parts (oid) AS (
         SELECT unnest($1::oid[])
         UNION
         SELECT CASE WHEN p.typtype = 'd' THEN p.typbasetype ELSE p.typelem END
           FROM parts JOIN pg_type p ON p.oid = parts.oid
          WHERE p.typtype = 'd' OR p.typelem <> 0)
       SELECT oid FROM parts)`

/**
 * Loads the types of the database with one query: base types, enums, arrays, domains, ranges and those of extensions,
 * without the row types of tables.
 */
export async function loadTypes(query: Query): Promise<LoadedTypes> {
  const types = new Map<number, PgType>()
  for (const row of await query(TYPES + WITHOUT_ROW_TYPES)) keep(types, row)
  return {
    get: (oid) => types.get(oid),
    missing: (oids) => oids.filter((oid) => !types.has(oid)),
    add: async (on, oids) => {
      if (oids.length === 0) return
      for (const row of await on(TYPES + WITH_PARTS, [`{${oids.join(',')}}`])) keep(types, row)
    },
  }
}

function keep(types: Map<number, PgType>, row: Readonly<Record<string, string | null>>): void {
  const oid = Number(row['oid'])
  if (!types.has(oid)) types.set(oid, typeOf(oid, row))
}

const kinds: Readonly<Record<string, PgType['kind']>> = {
  b: 'base',
  c: 'composite',
  d: 'domain',
  e: 'enum',
  m: 'multirange',
  p: 'pseudo',
  r: 'range',
}

function typeOf(oid: number, row: Readonly<Record<string, string | null>>): PgType {
  const element = row['element'] ?? null
  const kind = element === null ? (kinds[row['type'] ?? ''] ?? 'base') : 'array'
  return {
    oid,
    name: row['name'] ?? '',
    schema: row['schema'] ?? '',
    kind,
    ...(element !== null && { elementOid: Number(element) }),
    ...(kind === 'domain' && { baseOid: Number(row['base']), baseTypmod: Number(row['typmod']) }),
    ...(kind === 'enum' && { labels: JSON.parse(row['labels'] ?? '[]') as string[] }),
  }
}
