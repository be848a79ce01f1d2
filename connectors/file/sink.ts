import { open, type FileHandle } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { ConnectError, type SinkConnector, type SinkTask } from '../../api/index.ts'
import { connectorCatalog } from '../catalog.ts'
import { startEqualTasks } from '../shared/equal-tasks.ts'
import { fileSinkConfig } from './config.ts'
import { diagnoseSinkFile } from './diagnosis.ts'
import { LineBuffer } from './line-buffer.ts'

const TAIL_BYTES = 64 * 1024
const SETTLE_MS = 50
const LF = 10

/**
 * Appends the value of each record as a line to a file, or to standard output if no file is configured.
 *
 * Lines are written in batches. If a killed worker left an incomplete line at the end of the file, it is removed when
 * the file is opened; its record is delivered again. `tasks.max` tasks share the file.
 *
 * Source: FileStreamSinkConnector, FileStreamSinkTask. Differs: Java keeps an incomplete line and appends to it.
 */
export const fileSink: SinkConnector<typeof fileSinkConfig> = {
  ...connectorCatalog.fileSink,
  taskClass: 'org.apache.kafka.connect.file.FileStreamSinkTask',
  config: fileSinkConfig,
  start: startEqualTasks,
  alterOffsets: () => true,
  diagnose: ({ file }) => (file === undefined ? [] : diagnoseSinkFile(file.trim())),
  openTask: ({ file }) => (file === null ? standardOutput() : openFileTask(file)),
}

function standardOutput(): SinkTask {
  const lines = new LineBuffer()
  return {
    put: (records) =>
      new Promise((resolve, reject) => {
        if (records.length === 0) return resolve()
        process.stdout.write(lines.fill(records), (error) => (error ? reject(error) : resolve()))
      }),
  }
}

async function openFileTask(file: string): Promise<SinkTask> {
  const handle = await openForAppending(file)
  const lines = new LineBuffer()
  return {
    async put(records) {
      const bytes = lines.fill(records)
      // Usually a single call, so that lines of tasks that share the file are not interleaved
      for (let done = 0; done < bytes.length;) {
        const { bytesWritten } = await handle.write(bytes, done)
        done += bytesWritten
      }
    },
    close: () => handle.close(),
  }
}

async function openForAppending(file: string): Promise<FileHandle> {
  try {
    const handle = await open(file, 'a+')
    await removeIncompleteLine(handle)
    return handle
  } catch (cause) {
    const message = `Couldn't find or create file '${file}' for FileStreamSinkTask`
    throw new ConnectError('HR_CONNECT', message, { cause })
  }
}

/** Keeps the line if the file still grows, because another task may be writing to it. */
async function removeIncompleteLine(handle: FileHandle): Promise<void> {
  const { size, isFile } = await sizeOf(handle)
  if (!isFile || size === 0 || (await endsWithNewline(handle, size))) return
  await wait(SETTLE_MS)
  if ((await sizeOf(handle)).size !== size) return
  await handle.truncate(await lastLineEnd(handle, size))
}

async function sizeOf(handle: FileHandle): Promise<{ size: number; isFile: boolean }> {
  const stats = await handle.stat()
  return { size: stats.size, isFile: stats.isFile() }
}

async function endsWithNewline(handle: FileHandle, size: number): Promise<boolean> {
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1)
  return buffer[0] === LF
}

/** Returns the position after the last newline, or 0 if there is none. */
async function lastLineEnd(handle: FileHandle, size: number): Promise<number> {
  for (let end = size; end > 0; end -= TAIL_BYTES) {
    const start = Math.max(0, end - TAIL_BYTES)
    const tail = Buffer.alloc(end - start)
    await handle.read(tail, 0, tail.length, start)
    const at = tail.lastIndexOf(LF)
    if (at >= 0) return start + at + 1
  }
  return 0
}
