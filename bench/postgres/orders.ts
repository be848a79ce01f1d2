/** Returns the SQL of a table with about 100 bytes of data in each row. */
export const createTable = (table: string): string =>
  `CREATE TABLE ${table} (id bigint PRIMARY KEY, customer_id int NOT NULL, name varchar(64) NOT NULL, note text,
    amount numeric(12,2) NOT NULL, active boolean NOT NULL, created timestamptz NOT NULL)`

/** Returns the SQL that inserts the rows with these ids, both included. */
export const insertRows = (table: string, from: number, to: number): string =>
  `INSERT INTO ${table}
   SELECT g, (g * 7919 % 100000)::int, 'name of customer number ' || g, md5(g::text), (g % 100000) / 100.0, g % 2 = 0,
          timestamptz '2024-01-01Z' + g * interval '1 second'
     FROM generate_series(${from}::bigint, ${to}::bigint) g`

/** Returns the id of a row from the key of its record, with and without a schema. */
export function idOfKey(key: Buffer | null): number {
  const parsed = JSON.parse(key?.toString() ?? 'null') as { id?: number; payload?: { id?: number } } | null
  return parsed?.payload?.id ?? parsed?.id ?? -1
}
