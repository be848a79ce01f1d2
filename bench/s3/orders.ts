import { createWriteStream } from 'node:fs'
import { once } from 'node:events'

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
const LINES_IN_BLOCK = 5000

/** Returns the JSON of a record, about 250 bytes. */
function order(id: number): string {
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

/** Writes records, one per line; with schemas as JsonConverter expects them. Resolves to the bytes without schemas. */
export async function writeOrders(path: string, count: number, withSchemas: boolean): Promise<number> {
  const out = createWriteStream(path)
  let bytes = 0
  for (let first = 0; first < count; first += LINES_IN_BLOCK) {
    let block = ''
    for (let id = first; id < Math.min(first + LINES_IN_BLOCK, count); id++) {
      const json = order(id)
      bytes += Buffer.byteLength(json) + 1
      block += withSchemas ? `{"schema":${schema},"payload":${json}}\n` : `${json}\n`
    }
    if (!out.write(block)) await once(out, 'drain')
  }
  out.end()
  await once(out, 'finish')
  return bytes
}
