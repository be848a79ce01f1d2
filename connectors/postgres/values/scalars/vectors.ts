import { ConnectError, FLOAT32, FLOAT64, INT16, map } from '../../../../api/index.ts'
import { hashCapacity } from '../../events/hash-order.ts'
import type { BaseReader } from '../base-reader.ts'
import { floatAt } from './floats.ts'

const COMMA = 0x2c
const OPENING_BRACKET = 0x5b

/** Vectors of pgvector. Source: io.debezium.data.vector.DoubleVector. */
export const vectorReader: BaseReader = {
  schema: { type: 'array', name: 'io.debezium.data.DoubleVector', version: 1, valueSchema: FLOAT64 },
  read: numbersAt,
  unavailable: null,
  zero: [],
  requiredElement: true,
}

/** Half-precision vectors of pgvector. Source: io.debezium.data.vector.FloatVector. */
export const halfVectorReader: BaseReader = {
  schema: { type: 'array', name: 'io.debezium.data.FloatVector', version: 1, valueSchema: FLOAT32 },
  read: (bytes, start, end) => numbersAt(bytes, start, end).map(Math.fround),
  unavailable: null,
  zero: [],
  requiredElement: true,
}

function numbersAt(bytes: Buffer, start: number, end: number): number[] {
  if (bytes[start] !== OPENING_BRACKET) throw notA('a vector', bytes.toString('latin1', start, end))
  const numbers: number[] = []
  const last = end - 1
  for (let from = start + 1; from < last;) {
    let to = from
    while (to < last && bytes[to] !== COMMA) to++
    numbers.push(floatAt(bytes, from, to))
    from = to + 1
  }
  return numbers
}

const MOST_DIMENSIONS = 32_767
const SPARSE = /^\{([^}]*)\}\/(\d+)$/

/** Sparse vectors of pgvector, up to 32,767 dimensions. Source: io.debezium.data.vector.SparseDoubleVector. */
export const sparseVectorReader: BaseReader = {
  schema: {
    type: 'struct',
    name: 'io.debezium.data.SparseDoubleVector',
    version: 1,
    doc: 'Sparse double vector',
    fields: [
      ['dimensions', INT16],
      ['vector', map(INT16, FLOAT64)],
    ],
  },
  read: (bytes, start, end) => sparse(bytes.toString('latin1', start, end)),
  unavailable: null,
  zero: { dimensions: 0, vector: new Map() },
  requiredElement: true,
}

function sparse(text: string): object {
  const match = SPARSE.exec(text)
  if (match === null || Number(match[2]) > MOST_DIMENSIONS) {
    throw notA(`a sparse vector of up to ${MOST_DIMENSIONS} dimensions`, text)
  }
  const parts = match[1] === '' ? [] : match[1]!.split(',')
  const entries = parts.map((part): [number, number] => {
    const colon = part.indexOf(':')
    return [Number(part.slice(0, colon)), Number(part.slice(colon + 1))]
  })
  const bucketOf = ([index]: readonly [number, number]) => index & (buckets(entries.length) - 1)
  const vector = new Map(entries.toSorted((a, b) => bucketOf(a) - bucketOf(b)))
  return { dimensions: Number(match[2]), vector }
}

/** The buckets of a HashMap with as many entries as expected. */
function buckets(size: number): number {
  let capacity = 1
  while (capacity < size) capacity *= 2
  return hashCapacity(size, capacity)
}

function notA(what: string, text: string): ConnectError {
  return new ConnectError('HR_DATA_INVALID', `Expected ${what} but found "${text.slice(0, 100)}"`)
}
