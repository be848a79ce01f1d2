import type { Schema } from '../../../../api/index.ts'
import type { ObjectFormat } from '../../ports.ts'

/** A row of an object. The schema is null by default. */
export type Row = readonly [value: unknown, schema?: Schema | null]

/** Returns the bytes of an object with these rows. */
export async function encodeObject(format: ObjectFormat, rows: Iterable<Row>): Promise<Buffer> {
  const parts: Buffer[] = []
  const encoder = format.open(null, (bytes) => parts.push(bytes))
  for (const [value, schema] of rows) encoder.write(value, schema ?? null)
  await encoder.end()
  return Buffer.concat(parts)
}

/** Returns the text of an object with these rows. */
export async function textOfObject(format: ObjectFormat, rows: Iterable<Row>): Promise<string> {
  return (await encodeObject(format, rows)).toString()
}
