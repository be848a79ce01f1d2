import {
  BOOLEAN,
  FLOAT64,
  INT16,
  INT32,
  INT64,
  makeSchema,
  OPTIONAL_STRING,
  STRING,
  timestampSchema,
} from '../../api/index.ts'

/** The same schema as in Micro.java. */
export const orderSchema = makeSchema({
  type: 'struct',
  name: 'bench.Order',
  fields: [
    ['id', INT64],
    ['count', INT32],
    ['code', INT16],
    ['ratio', FLOAT64],
    ['active', BOOLEAN],
    ['name', STRING],
    ['city', STRING],
    ['note', OPTIONAL_STRING],
    ['created', timestampSchema()],
    ['text', STRING],
  ],
})

/** Returns the same fields as Micro.java. Without a schema, the time is a number. */
export function order(number: number, withSchema: boolean): Record<string, unknown> {
  const created = 1_700_000_000_000 + number
  return {
    id: 1_000_000_000 + number,
    count: number,
    code: number % 100,
    ratio: number / 7,
    active: number % 2 === 0,
    name: `order number ${number}`,
    city: `city ${number % 50}`,
    note: number % 3 === 0 ? null : 'leave at the door',
    created: withSchema ? new Date(created) : created,
    text: `some words that make the record as long as records are, number ${number}`,
  }
}
