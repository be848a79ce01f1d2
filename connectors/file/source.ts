import { fstatSync } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import {
  ConnectError,
  sourceRecord,
  STRING,
  type SourceConnector,
  type SourceRecord,
  type SourceTask,
  type SourceTaskContext,
} from '../../api/index.ts'
import { connectorCatalog } from '../catalog.ts'
import { fileSourceConfig } from './config.ts'
import { diagnoseSourceFile, diagnoseTopic } from './diagnosis.ts'
import { LineSplitter } from './line-splitter.ts'
import { checkFileOffsets } from './offsets.ts'
import { stdinLines } from './standard-input.ts'

const CHUNK_BYTES = 256 * 1024
/** Initial wait at the end of the file. It doubles with each poll that finds no new data. */
const FIRST_WAIT_MS = 50
const LONGEST_WAIT_MS = 1000

/**
 * Reads a text file line by line and follows it as it grows. Reads standard input if no file is configured.
 *
 * The partition is `{ filename }`. The offset is `{ position }`: the position after the line, in bytes from the start of
 * the file. There is always a single task, regardless of `tasks.max`, which preserves the order of lines. If the file
 * does not exist, the task waits for it. While the file does not grow, the task checks it less and less often, down to
 * once a second.
 *
 * Source: FileStreamSourceConnector, FileStreamSourceTask. Differs: positions are in bytes, not characters (the same
 * for ASCII), and complete lines at the end of the file are never held back.
 */
export const fileSource: SourceConnector<typeof fileSourceConfig> = {
  ...connectorCatalog.fileSource,
  taskClass: 'org.apache.kafka.connect.file.FileStreamSourceTask',
  config: fileSourceConfig,
  start: (_config, { props }) => ({ taskConfigs: () => [props] }),
  exactlyOnceSupport: ({ file }) => (file === undefined ? 'unsupported' : 'supported'),
  alterOffsets: (props, offsets) => checkFileOffsets(props['file'], offsets),
  diagnose: async ({ file, topic = '' }, context) => [
    ...diagnoseTopic(topic.trim()),
    ...(file === undefined ? [] : await diagnoseSourceFile(file.trim(), context)),
  ],
  openTask: (config, context) =>
    config.file === null
      ? stdinLines(config.topic, config['batch.size'])
      : openFileTask({ file: config.file, topic: config.topic, batchSize: config['batch.size'] }, context),
}

interface FileTaskConfig {
  readonly file: string
  readonly topic: string
  readonly batchSize: number
}

async function openFileTask(
  { file, topic, batchSize }: FileTaskConfig,
  { lastOffset, log }: SourceTaskContext,
): Promise<SourceTask> {
  const sourcePartition = { filename: file }
  const splitter = new LineSplitter(startPosition(await lastOffset(sourcePartition)))
  let handle: FileHandle | undefined
  let warned = false
  let waitMs = FIRST_WAIT_MS
  /** The last poll found no new data, so that the next one waits before it reads. */
  let atEnd = false

  const openFile = async (): Promise<FileHandle | undefined> => {
    try {
      return await open(file)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      if (!warned) log.warn('the file does not exist; waiting for it', { file })
      warned = true
      return undefined
    }
  }

  const readMore = async (): Promise<boolean> => {
    handle ??= await openFile()
    if (handle === undefined) return false
    const position = splitter.position + splitter.waiting
    if (atEnd && isAllRead(handle, position)) return false
    const { bytesRead } = await handle.read(splitter.room(CHUNK_BYTES), 0, CHUNK_BYTES, position)
    if (bytesRead === 0) return false
    splitter.filled(bytesRead)
    waitMs = FIRST_WAIT_MS
    return true
  }

  const readLines = async (): Promise<SourceRecord[]> => {
    for (;;) {
      const timestamp = Date.now()
      const records = splitter.take(batchSize, (value, position) =>
        sourceRecord({
          topic,
          sourcePartition,
          sourceOffset: { position },
          valueSchema: STRING,
          value,
          timestamp,
        }),
      )
      if (records.length > 0 || !(await readMore())) return records
    }
  }

  return {
    async poll(signal) {
      if (!atEnd) {
        const records = await readLines()
        atEnd = records.length === 0
        if (!atEnd) return records
      }
      if (!(await waited(waitMs, signal))) return []
      waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)
      const records = await readLines()
      atEnd = records.length === 0
      return records
    },
    close: async () => {
      await handle?.close()
    },
  }
}

/**
 * Whether a file has no data after a position. The call is synchronous because most of the CPU time of an idle task
 * would be spent on waking a thread for it. Special files have no size and must be read.
 */
function isAllRead({ fd }: FileHandle, position: number): boolean {
  const stats = fstatSync(fd)
  return stats.isFile() && stats.size === position
}

/**
 * Resolves to true after the wait, or to false when the signal aborts. A wait of the maximum length ends on a full
 * second, because tasks that wake up together use less CPU than tasks that wake up one by one.
 */
function waited(ms: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false)
  const untilSecond = LONGEST_WAIT_MS - (Date.now() % LONGEST_WAIT_MS)
  return new Promise((resolve) => {
    const end = (elapsed: boolean) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      resolve(elapsed)
    }
    const onAbort = () => end(false)
    const timer = setTimeout(end, ms === LONGEST_WAIT_MS ? untilSecond : ms, true)
    signal.addEventListener('abort', onAbort, { once: true })
  })
}

function startPosition(offset: Readonly<Record<string, unknown>> | undefined): number {
  const position = offset?.['position'] ?? 0
  if (typeof position === 'number' && Number.isSafeInteger(position) && position >= 0) return position
  throw new ConnectError(
    'HR_CONNECT',
    `Offset position is the incorrect type: expected a non-negative integer, found ${String(position)}`,
  )
}
