import { createHash, randomFillSync } from 'node:crypto'
import { tmpdir } from 'node:os'
import { after } from 'node:test'
import { Secret, type Logger } from '../../../api/index.ts'
import type { ObjectExtent, ObjectWriter, OpenObject } from '../../../connectors/s3/ports.ts'
import { openStorage, type Storage, type StorageSettings } from '../../../connectors/s3/storage/index.ts'
import type { TimeLimits } from '../../../connectors/s3/storage/client/limits.ts'
import type { Bucket } from '../../services/index.ts'

export const MB = 1024 * 1024
export const PART = 5 * MB
export const JSON_LINES = { contentType: 'application/json', contentEncoding: null }

/** A signal that is never aborted. */
export const signal: AbortSignal = new AbortController().signal

/** Settings for a bucket; `endpoint` is that of a proxy. Waits are short. */
export function settingsFor(bucket: Bucket, changes: Partial<StorageSettings> = {}): StorageSettings {
  const { endpoint, accessKeyId, secretAccessKey } = bucket.address
  return {
    bucket: bucket.name,
    region: 'us-east-1',
    endpoint,
    pathStyle: true,
    accelerate: false,
    encryption: { kind: 'none' },
    cannedAcl: null,
    sendDigest: false,
    expectContinue: true,
    proxy: null,
    credentials: { kind: 'static', accessKeyId, secretAccessKey: new Secret(secretAccessKey) },
    partSize: PART,
    partRetries: 3,
    retryBackoffMs: 20,
    retryBackoffMaxMs: 1000,
    tagging: null,
    bufferMaxBytes: 64 * MB,
    stagingMaxBytes: 1024 * MB,
    temporaryFolder: tmpdir(),
    ...changes,
  }
}

/** A storage with its writer and what it has logged. */
export interface Opened {
  readonly storage: Storage
  readonly writer: ObjectWriter
  readonly warnings: readonly string[]
  /** Where the bytes of objects are, by the metrics. */
  usage(): { readonly memoryBytes: number; readonly fileBytes: number }
}

/** Opens a storage that is closed at the end of the test file. */
export function openFor(bucket: Bucket, changes: Partial<StorageSettings> = {}, limits?: TimeLimits): Opened {
  const warnings: string[] = []
  const gauges = new Map<string, number>()
  const metrics = {
    counter: () => ({ add() {} }),
    gauge: (name: string) => ({ set: (value: number) => void gauges.set(name, value) }),
  }
  const storage = openStorage(settingsFor(bucket, changes), recordingLog(warnings), metrics, limits)
  const writer = storage.createWriter()
  after(async () => {
    await writer.close()
    storage.close()
  })
  const valueOf = (name: string): number => gauges.get(name) ?? 0
  const usage = () => ({
    memoryBytes: valueOf('staged_memory_bytes'),
    fileBytes: valueOf('staged_file_bytes'),
  })
  return { storage, writer, warnings, usage }
}

function recordingLog(warnings: string[]): Logger {
  const ignore = () => {}
  const warn = (message: string) => void warnings.push(message)
  return { error: warn, warn, info: ignore, debug: ignore, trace: ignore }
}

/** The extent of records from `start` to `end`, whose first has this timestamp. */
export function extent(start: number, end: number, startTimestamp: number | null = 1000): ObjectExtent {
  return { startOffset: start, endOffset: end, recordCount: end - start + 1, startTimestamp }
}

/** Bytes that cannot be compressed or confused with others. */
export function randomBytes(size: number): Buffer {
  return randomFillSync(Buffer.allocUnsafe(size))
}

/** Opens an object with this content, appended in pieces of different sizes. */
export function openWith(writer: ObjectWriter, key: string, content: Buffer): OpenObject {
  const object = writer.open(key, JSON_LINES)
  const sizes = [100, 70_000, 3000, 300_000, 1]
  for (let at = 0, piece = 0; at < content.length; piece++) {
    const size = sizes[piece % sizes.length] ?? 1
    object.append(content.subarray(at, at + size))
    at += size
  }
  return object
}

/** Something that a test waits for until it is opened. */
export function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = () => {}
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { opened, open: () => open() }
}

/** Fingerprint of bytes, for messages that can be read. */
export function hash(bytes: Buffer): string {
  return `${bytes.length} bytes ${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}`
}
