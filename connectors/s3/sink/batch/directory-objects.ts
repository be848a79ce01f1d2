import type { Schema, SinkRecord } from '../../../../api/index.ts'
import type {
  ObjectEncoder,
  ObjectExtent,
  ObjectFormat,
  ObjectWriter,
  OpenObject,
  SchemaAndValue,
  SinkPlan,
} from '../../ports.ts'
import type { Destination } from './destinations.ts'

/** An object of a directory: the one of a view. */
export interface DirectoryObject {
  readonly object: OpenObject
  readonly encoder: ObjectEncoder
  /** Whether the object is stored, or has been discarded. */
  done: boolean
}

/**
 * The open objects of one directory: one for each view, with the same records.
 *
 * Source: the maps of TopicPartitionWriter by encoded partition, KeyValueHeaderRecordWriterProvider. Differs: if keys or
 * headers cannot be written after the value has been, Java leaves the value where it is.
 */
export class DirectoryObjects {
  readonly place: string
  /** Schema of the values; null for tombstones. */
  readonly schema: Schema | null
  /** The first is the main one. */
  readonly objects: readonly DirectoryObject[]
  readonly startOffset: number
  readonly startTimestamp: number | null
  endOffset: number
  count = 0
  /** Whether the last record is in some of the objects only. They must not be stored. */
  uneven = false

  /** Opens the objects for a first record, of which the views have read `values`. Throws what the formats do. */
  constructor(
    record: SinkRecord,
    { place, directory, views, tombstone }: Destination,
    values: readonly SchemaAndValue[],
    { plan, writer }: { readonly plan: SinkPlan; readonly writer: ObjectWriter },
  ) {
    const { topic, originalTopic, originalPartition: partition, originalOffset: startOffset } = record
    this.place = place
    this.schema = tombstone ? null : (values[0]?.schema ?? null)
    this.startOffset = this.endOffset = startOffset
    this.startTimestamp = record.timestamp
    const parts = { topic, originalTopic, partition, directory, startOffset }
    const opened: DirectoryObject[] = []
    this.objects = opened
    try {
      for (const [index, view] of views.entries()) {
        const object = writer.open(plan.objectKey(parts, view), view.format)
        opened.push(startObject(object, view.format, values[index]?.schema ?? null))
      }
    } catch (error) {
      void this.discard()
      throw error
    }
  }

  /** Adds a record. Throws what the formats do; the objects are then as before, unless they are {@link uneven}. */
  add(record: SinkRecord, values: readonly SchemaAndValue[]): void {
    const { objects } = this
    let index = 0
    try {
      for (; index < objects.length; index++) {
        const { schema, value } = values[index] as SchemaAndValue
        ;(objects[index] as DirectoryObject).encoder.write(value, schema)
      }
    } catch (error) {
      this.uneven = index > 0
      throw error
    }
    this.endOffset = record.originalOffset
    this.count++
  }

  get extent(): ObjectExtent {
    const { startOffset, endOffset, count, startTimestamp } = this
    return { startOffset, endOffset, recordCount: count, startTimestamp }
  }

  /** Bytes of the objects so far, with the memory that the encoders hold. */
  get bytes(): number {
    let bytes = 0
    for (const { object, encoder } of this.objects) bytes += object.size + encoder.heldBytes
    return bytes
  }

  /** Drops the objects that are not stored. Never rejects. */
  async discard(): Promise<void> {
    await Promise.all(this.objects.map(discardObject))
  }
}

/** Throws what the format does; the object is then discarded. */
function startObject(object: OpenObject, format: ObjectFormat, schema: Schema | null): DirectoryObject {
  const opened = { done: false }
  // An encoder may be passing on values when its object is discarded
  const output = (bytes: Buffer) => {
    if (!opened.done) object.append(bytes)
  }
  try {
    const encoder = format.open(schema, output)
    return Object.assign(opened, { object, encoder })
  } catch (error) {
    opened.done = true
    void object.discard()
    throw error
  }
}

async function discardObject(opened: DirectoryObject): Promise<void> {
  if (opened.done) return
  opened.done = true
  await opened.object.discard()
}
