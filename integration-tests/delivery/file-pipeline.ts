import { join } from 'node:path'
import { uniqueName, waitFor, workFolder, type RestClient } from '../services/index.ts'
import { endOf, LineFile, sizeOf, type LineFileOptions } from './line-file.ts'

/** A file source, a topic and a file sink. */
export interface FilePipeline {
  readonly source: LineFile
  readonly sinkFile: string
  /** The names of the two connectors. */
  readonly connectors: readonly [source: string, sink: string]
  readonly topic: string
  create(rest: RestClient): Promise<void>
  /** Waits until the file of the sink has at least `bytes` bytes. */
  untilWritten(bytes: number, timeoutMs?: number): Promise<void>
  /** Waits until the file of the sink is as large as that of the source. */
  untilAllWritten(timeoutMs?: number): Promise<void>
  /** Waits until the file of the sink ends with the last line of the source, as lines may be duplicated. */
  untilLastLine(): Promise<void>
}

type Config = Readonly<Record<string, string>>

const WRITE_TIMEOUT_MS = 90_000

export interface FilePipelineOptions {
  /** More settings of the source. */
  readonly source?: Config
  /** More settings of the sink. */
  readonly sink?: Config
  readonly lines?: LineFileOptions
}

export function filePipeline(more: FilePipelineOptions = {}): FilePipeline {
  const folder = workFolder('pipeline')
  const topic = uniqueName('lines')
  const connectors = [`${topic}-source`, `${topic}-sink`] as const
  const source = new LineFile(join(folder, 'in.txt'), more.lines)
  const sinkFile = join(folder, 'out.txt')
  const untilWritten = async (bytes: number, timeoutMs = WRITE_TIMEOUT_MS) => {
    await waitFor(() => (sizeOf(sinkFile) >= bytes ? true : undefined), {
      timeoutMs,
      what: () => `${bytes} bytes in ${sinkFile}; there are ${sizeOf(sinkFile)}`,
    })
  }
  return {
    source,
    sinkFile,
    connectors,
    topic,
    untilWritten,
    untilAllWritten: (timeoutMs) => untilWritten(sizeOf(source.path), timeoutMs),
    async untilLastLine() {
      const last = source.lastLine
      await waitFor(() => (endOf(sinkFile) === last ? true : undefined), {
        timeoutMs: WRITE_TIMEOUT_MS,
        what: () => `${sinkFile} to end with ${last}; it ends with ${endOf(sinkFile)}`,
      })
    },
    async create(rest) {
      const [sourceName, sinkName] = connectors
      await rest.put(sourceName, {
        'connector.class': 'FileStreamSource',
        'file': source.path,
        topic,
        ...more.source,
      })
      await rest.put(sinkName, {
        'connector.class': 'FileStreamSink',
        'topics': topic,
        'file': sinkFile,
        ...more.sink,
      })
    },
  }
}
