import {
  isRetriable,
  messageOf,
  type SinkTask,
  type SinkTaskContext,
  type TopicPartition,
} from '../../api/index.ts'
import type { ObjectWriter, SinkPlan } from './ports.ts'
import { openSinkTask } from './sink/index.ts'
import { openStorage, type Storage, type StorageSettings } from './storage/index.ts'

/** What the settings of a sink come to. */
export interface SinkSettings {
  readonly plan: SinkPlan
  readonly storage: StorageSettings
  /** How unfinished uploads of earlier tasks are recognized; null if names of objects do not tell. */
  readonly leftovers: Leftovers | null
}

/** Recognizes objects by their names. */
export interface Leftovers {
  /** The start of the names of all objects. */
  readonly prefix: string
  /** Returns the partition whose records an object has; undefined for other objects. */
  readonly partitionOfKey: (key: string) => TopicPartition | undefined
}

/** The part of the memory budget that encoders may use. Objects have as much; see also `Staging`. */
const ENCODERS_SHARE = 0.25

/**
 * Opens the bucket and a task that writes to it. A server that does not respond is tried again later.
 *
 * Throws `HR_CONNECT` if the bucket does not exist or cannot be accessed.
 */
export async function openObjectSink(settings: SinkSettings, context: SinkTaskContext): Promise<SinkTask> {
  const { plan, storage: storageSettings, leftovers } = settings
  const storage = openStorage(storageSettings, context.log, context.metrics)
  try {
    await checkBucket(storage, context)
    return openSinkTask({
      plan,
      context,
      objects: closingStorage(storage),
      maxHeldBytes: Math.floor(storageSettings.bufferMaxBytes * ENCODERS_SHARE),
      abortLeftovers: leftovers === null ? null : abortion(storage, leftovers),
    })
  } catch (error) {
    storage.close()
    throw error
  }
}

function abortion(storage: Storage, { prefix, partitionOfKey }: Leftovers) {
  return async (partitions: readonly TopicPartition[], signal: AbortSignal): Promise<void> => {
    const own = new Set(partitions.map(({ topic, partition }) => `${partition} ${topic}`))
    const belongs = (key: string): boolean => {
      const found = partitionOfKey(key)
      return found !== undefined && own.has(`${found.partition} ${found.topic}`)
    }
    await storage.abortLeftovers(prefix, belongs, signal)
  }
}

async function checkBucket(storage: Storage, { log, signal }: SinkTaskContext): Promise<void> {
  try {
    await storage.checkBucket(signal)
  } catch (error) {
    if (!isRetriable(error)) throw error
    log.warn(`${messageOf(error)} The task starts nevertheless, and tries again when it has records.`)
  }
}

/** A writer whose end is also that of the storage, because the task closes only the writer. */
function closingStorage(storage: Storage): ObjectWriter {
  const writer = storage.createWriter()
  return {
    open: (key, attributes) => writer.open(key, attributes),
    settle: (heldByEncoders, signal) => writer.settle(heldByEncoders, signal),
    async close() {
      await writer.close()
      storage.close()
    },
  }
}
