import type { PluginMetrics } from '../../../api/index.ts'

/** The metrics of the storage of a task. */
export interface StorageMetrics {
  /** Called for each object that has been stored. */
  stored(bytes: number): void
  /** Called when a request is sent again. */
  repeated(): void
  /** Called when one of the numbers has changed. */
  staged(objects: number, memoryBytes: number, fileBytes: number): void
}

/** Creates the instruments; null for work without a task. */
export function storageMetrics(metrics: PluginMetrics | null): StorageMetrics {
  if (metrics === null) return { stored() {}, repeated() {}, staged() {} }
  const objects = metrics.counter('objects_stored', {
    unit: 'count',
    doc: 'Objects that were stored in the bucket.',
  })
  const bytes = metrics.counter('object_bytes_stored', {
    unit: 'bytes',
    doc: 'Size of the objects that were stored.',
  })
  const repeats = metrics.counter('s3_requests_repeated', {
    unit: 'count',
    doc: 'Requests to S3 that were sent again after an error.',
  })
  const open = metrics.gauge('objects_staged', { unit: 'count', doc: 'Objects that are not stored yet.' })
  const memory = metrics.gauge('staged_memory_bytes', {
    unit: 'bytes',
    doc: 'Memory for the bytes of objects that are not stored yet; limited by headrace.s3.buffer.max.bytes.',
  })
  const file = metrics.gauge('staged_file_bytes', {
    unit: 'bytes',
    doc: 'Bytes of objects in the temporary file; limited by headrace.s3.staging.max.bytes.',
  })
  return {
    stored(size) {
      objects.add()
      bytes.add(size)
    },
    repeated: () => repeats.add(),
    staged(count, memoryBytes, fileBytes) {
      open.set(count)
      memory.set(memoryBytes)
      file.set(fileBytes)
    },
  }
}
