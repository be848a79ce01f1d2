import { waitFor, type HeadraceWorker } from '../../services/index.ts'

/** What the log says about a time in which the server was overloaded. */
export interface Overload {
  readonly seconds: number
  readonly requests: number
  readonly operations: number
}

/** Waits until the log of a worker tells about overloads that a sink met, and resolves to all of them. */
export async function overloadsIn(worker: HeadraceWorker, sink: string): Promise<readonly Overload[]> {
  const overloads = () =>
    worker
      .log()
      .split('\n')
      .filter((line) => line.includes('the server was overloaded') && line.includes(sink))
      .map((line) => JSON.parse(line) as Overload)
      .map(({ seconds, requests, operations }) => ({ seconds, requests, operations }))
  return waitFor(() => (overloads().length > 0 ? overloads() : undefined), {
    timeoutMs: 60_000,
    what: `the log to tell about an overload of ${sink}`,
  })
}
