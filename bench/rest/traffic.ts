import { appendFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { uniqueName, waitFor, type RestClient } from '../../integration-tests/services/index.ts'

type Config = Readonly<Record<string, string>>

/** Ten sources and ten sinks that copy files through Kafka, while lines are appended to the files at a fixed rate. */
export interface Traffic {
  /** Configurations by connector. */
  readonly connectors: ReadonlyMap<string, Config>
  /** Resolves to the number of lines appended and the number of lines written by the sinks since the start. */
  count(): Promise<{ readonly added: number; readonly arrived: number }>
  stop(): Promise<void>
}

const PAIRS = 10
const LINE = `${'x'.repeat(93)}\n`
const LINES_AT_ONCE = 10
const EVERY_MS = 100
const SETTLING_MS = 60_000

/** Starts the connectors and the stream of lines. Resolves when all ten sinks have written lines. */
export async function startTraffic(rest: RestClient, folder: string): Promise<Traffic> {
  const connectors = new Map<string, Config>()
  const pairs = Array.from({ length: PAIRS }, (_, pair) => ({
    name: uniqueName('traffic'),
    input: join(folder, `in-${pair}`),
    output: join(folder, `out-${pair}`),
  }))
  for (const { name, input, output } of pairs) {
    await writeFile(input, '')
    connectors.set(`${name}-source`, { 'connector.class': 'FileStreamSource', 'file': input, 'topic': name })
    connectors.set(`${name}-sink`, { 'connector.class': 'FileStreamSink', 'file': output, 'topics': name })
  }
  for (const [name, config] of connectors) await rest.put(name, config)
  for (const name of connectors.keys()) await rest.untilState(name, 'RUNNING')
  let added = 0
  let writing: Promise<unknown> = Promise.resolve()
  const timer = setInterval(() => {
    added += LINES_AT_ONCE * PAIRS
    const text = LINE.repeat(LINES_AT_ONCE)
    writing = writing.then(() => Promise.all(pairs.map(({ input }) => appendFile(input, text))))
  }, EVERY_MS)
  const sizes = () =>
    Promise.all(
      pairs.map(({ output }) =>
        stat(output).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
    )
  await waitFor(async () => (await sizes()).every((size) => size > 0) || undefined, {
    timeoutMs: SETTLING_MS,
    what: 'all sinks to write lines',
  })
  return {
    connectors,
    count: async () => {
      const bytes = (await sizes()).reduce((sum, size) => sum + size, 0)
      return { added, arrived: bytes / LINE.length }
    },
    stop: async () => {
      clearInterval(timer)
      await writing
    },
  }
}
