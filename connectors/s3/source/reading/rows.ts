import { ConnectError, noHeaders, type Header } from '../../../../api/index.ts'
import type { ObjectBucket, ObjectReader, SchemaAndValue } from '../../ports.ts'
import type { Candidate } from '../listing/candidate.ts'
import type { SourcePlan } from '../plan.ts'
import { headersOf } from './headers.ts'
import { Lockstep } from './lockstep.ts'

/** What the objects hold of one record. */
export interface Row {
  readonly key: SchemaAndValue
  readonly value: SchemaAndValue
  readonly headers: readonly Header[]
}

/** Rows in order; `last` if the objects have no more. */
export interface RowBatch {
  readonly rows: readonly Row[]
  readonly last: boolean
}

const nothing: SchemaAndValue = { schema: null, value: null }

/**
 * Reads the records of a candidate after the first `skip`, with their keys and headers. There is always a last batch, which
 * may be empty. Throws `HR_DATA_INVALID`, after the rows before the fault, for an object that does not have its format and
 * for objects with different numbers of records.
 */
export async function* readRows(
  bucket: Pick<ObjectBucket, 'open'>,
  plan: SourcePlan,
  candidate: Candidate,
  signal: AbortSignal,
): AsyncGenerator<RowBatch> {
  const sources = open(bucket, plan, candidate, signal)
  let held: readonly Row[] | undefined
  try {
    for await (const rows of joined(sources)) {
      if (held !== undefined) yield { rows: held, last: false }
      held = rows
    }
  } catch (error) {
    if (held !== undefined) yield { rows: held, last: false }
    throw error
  }
  yield { rows: held ?? [], last: true }
}

interface Sources {
  readonly values: Batches | null
  readonly keys: Lockstep | null
  readonly headers: Lockstep | null
}

type Batches = AsyncIterable<readonly SchemaAndValue[]>

function open(
  bucket: Pick<ObjectBucket, 'open'>,
  plan: SourcePlan,
  { objects, progress }: Candidate,
  signal: AbortSignal,
): Sources {
  const { value, keys, headers } = objects
  const read = (object: NonNullable<typeof value>, role: 'value' | 'keys' | 'headers'): Batches =>
    readerOf(plan, object.key, role).read(bucket.open(object), progress.skip, signal)
  return {
    values: value === null ? null : read(value, 'value'),
    keys: keys === null ? null : new Lockstep(keys.key, read(keys, 'keys')),
    headers: headers === null ? null : new Lockstep(headers.key, read(headers, 'headers')),
  }
}

function readerOf(plan: SourcePlan, key: string, role: 'value' | 'keys' | 'headers'): ObjectReader {
  const reader = plan.readerOf(key, role)
  if (reader !== undefined) return reader
  throw new ConnectError('HR_DATA_INVALID', `the format of the object ${key} is not known`)
}

async function* joined(sources: Sources): AsyncGenerator<readonly Row[]> {
  const { values, keys, headers } = sources
  try {
    if (values === null) {
      for await (const batch of keys?.rest() ?? [])
        yield await join(
          batch.map(() => nothing),
          batch,
          sources,
        )
    } else if (keys === null && headers === null) {
      for await (const batch of values) {
        yield batch.map((value) => ({ key: nothing, value, headers: noHeaders }))
      }
    } else {
      for await (const batch of values) yield await join(batch, await keys?.take(batch.length), sources)
      await keys?.end()
    }
    await headers?.end()
  } finally {
    await keys?.cancel()
    await headers?.cancel()
  }
}

async function join(
  values: readonly SchemaAndValue[],
  keys: readonly SchemaAndValue[] | undefined,
  { headers }: Sources,
): Promise<readonly Row[]> {
  const headerRows = await headers?.take(values.length)
  return values.map((value, index) => {
    const header = headerRows?.[index]
    return {
      key: keys?.[index] ?? nothing,
      value,
      headers: header === undefined ? noHeaders : headersOf(header),
    }
  })
}
