import { filePipeline, type FilePipeline, type FilePipelineOptions } from '../delivery/file-pipeline.ts'
import { endOf, linesOf } from '../delivery/line-file.ts'
import { readRecords } from '../topics/records.ts'
import { waitFor, type RestClient } from '../services/index.ts'

const FEED_MS = 20
/** More than the lines of one commit interval of a worker. */
const FLOWING_LINES = 150
const FLOWING_MS = 60_000

/** File sources and sinks, whose files grow by numbered lines. */
export interface NumberedLines {
  readonly pipelines: readonly FilePipeline[]
  create(rest: RestClient): Promise<void>
  /** Lets the files grow, and resolves once new lines arrive, so that there is always something in flight. */
  feed(): Promise<void>
  /** Stops the growth, and waits until all lines have arrived. */
  untilArrived(): Promise<void>
  /** How the lines have arrived so far in each topic and each file of a sink. */
  orders(bootstrapServers: string): Promise<readonly PipelineOrder[]>
  /** Throws unless all connectors and tasks are running. Resolves to the worker of each, by name. */
  untilRunning(rest: RestClient, timeoutMs: number): Promise<ReadonlyMap<string, string>>
}

export interface PipelineOrder {
  readonly source: Order
  readonly sink: Order
}

/** In which order numbered lines have arrived. */
export interface Order {
  readonly lost: number
  readonly duplicates: number
  /** How often a lower number follows a higher one. One is a restart; many are two writers. */
  readonly jumpsBack: number
}

export function numberedLines(count: number, options: FilePipelineOptions = {}): NumberedLines {
  const pipelines = Array.from({ length: count }, () => filePipeline(options))
  let feeder: NodeJS.Timeout | undefined
  return {
    pipelines,
    async create(rest) {
      await Promise.all(pipelines.map((pipeline) => pipeline.create(rest)))
    },
    async feed() {
      feeder = setInterval(() => pipelines.forEach(({ source }) => source.append(2)), FEED_MS)
      feeder.unref()
      await Promise.all(pipelines.map(untilFlowing))
    },
    async untilArrived() {
      clearInterval(feeder)
      await Promise.all(pipelines.map((pipeline) => pipeline.untilLastLine()))
    },
    orders: (bootstrapServers) =>
      Promise.all(
        pipelines.map(async ({ source, sinkFile, topic }) => {
          const records = await readRecords(topic, source.lines, bootstrapServers)
          return {
            source: orderOf(
              records.map(({ value }) => value ?? ''),
              source.lines,
            ),
            sink: orderOf(linesOf(sinkFile), source.lines),
          }
        }),
      ),
    async untilRunning(rest, timeoutMs) {
      const names = pipelines.flatMap(({ connectors }) => connectors)
      const statuses = await Promise.all(names.map((name) => rest.untilState(name, 'RUNNING', { timeoutMs })))
      return new Map(
        statuses.flatMap(({ name, tasks }) => tasks.map(({ worker_id: worker }) => [name, worker])),
      )
    },
  }
}

async function untilFlowing({ source, sinkFile }: FilePipeline): Promise<void> {
  const line = source.lines + FLOWING_LINES
  await waitFor(() => (Number.parseInt(endOf(sinkFile) ?? '', 10) >= line ? true : undefined), {
    timeoutMs: FLOWING_MS,
    what: () => `line ${line} in ${sinkFile}, which ends with ${endOf(sinkFile)}`,
  })
}

export function orderOf(lines: readonly string[], count: number): Order {
  const seen = new Uint8Array(count)
  let jumpsBack = 0
  let duplicates = 0
  let last = -1
  for (const line of lines) {
    const number = Number.parseInt(line, 10)
    if (number <= last) jumpsBack++
    if (seen[number] === 1) duplicates++
    seen[number] = 1
    last = number
  }
  return { lost: seen.reduce((sum, flag) => sum - flag, count), duplicates, jumpsBack }
}
