/** A field of the benchmark's records, and its type in a schema of JsonConverter. */
const fields = [
  ['id', 'int64'],
  ['customer', 'string'],
  ['email', 'string'],
  ['street', 'string'],
  ['city', 'string'],
  ['quantity', 'int32'],
  ['price', 'double'],
  ['paid', 'boolean'],
  ['placed_at', 'int64'],
  ['note', 'string'],
] as const

const schema = JSON.stringify({
  type: 'struct',
  name: 'orders',
  optional: false,
  fields: fields.map(([field, type]) => ({ field, type, optional: field === 'note' })),
})

const CITIES = ['Oslo', 'Quito', 'Nairobi', 'Hanoi', 'Lima', 'Zürich', 'Accra', 'Perth']

/** Returns the JSON of a record, about 250 bytes. */
export function order(id: number): string {
  return JSON.stringify({
    id,
    customer: `customer-${(id * 7919) % 100_000}`,
    email: `customer.${(id * 7919) % 100_000}@example.com`,
    street: `${(id * 31) % 400} Long Street`,
    city: CITIES[id % CITIES.length],
    quantity: (id % 12) + 1,
    price: ((id * 37) % 100_000) / 100,
    paid: id % 3 === 0,
    placed_at: 1_795_000_000_000 + id * 13,
    note: id % 4 === 0 ? null : `leave it at the door of number ${(id * 17) % 90}`,
  })
}

/** Adds the schema to the JSON of a record, as JsonConverter expects it. */
export const withSchema = (json: string): string => `{"schema":${schema},"payload":${json}}`
