import type { ConnectorStatus, RestClient, TaskProgress } from '../services/index.ts'
import { grouped, styled } from './screen.ts'

/** The progress of both connectors, and their rates since the previous call. */
export interface Look {
  readonly text: string
  /** Records that the sink has written. */
  readonly written: number
  /** Whether all lines have been read and written. */
  readonly done: boolean
  /** The failure of a connector or task; undefined if there is none. */
  readonly failure: string | undefined
}

/** Returns a function that reads the progress of both connectors over REST. */
export function watchProgress(rest: RestClient, total: number): () => Promise<Look> {
  const readRate = rateMeter()
  const writeRate = rateMeter()
  return async () => {
    const [tasks, source, sink] = await Promise.all([
      rest.progress(),
      rest.status('demo-source'),
      rest.status('demo-sink'),
    ])
    const from = tasks['demo-source']?.tasks[0]
    const to = tasks['demo-sink']?.tasks[0]
    const read = from?.records_out ?? 0
    const written = to?.records_out ?? 0
    const text = [
      `read ${grouped(read)} at ${readRate(read)}/s ${stateOf(source)}`,
      `written ${grouped(written)} at ${writeRate(written)}/s ${stateOf(sink)}`,
      `lag ${lagOf(to)}`,
    ].join(styled('dim', ' | '))
    const done = read >= total && written >= total
    return { text, written, done, failure: failureOf(source) ?? failureOf(sink) }
  }
}

/** Returns a function that computes the rate of a count, which the worker updates only from time to time. */
function rateMeter(): (count: number) => string {
  let last = { count: 0, at: performance.now() }
  let rate = 0
  return (count) => {
    const now = performance.now()
    if (count === 0) last = { count, at: now }
    if (count !== last.count) {
      rate = ((count - last.count) * 1000) / (now - last.at)
      last = { count, at: now }
    }
    return grouped(rate)
  }
}

function stateOf(status: ConnectorStatus | undefined): string {
  const state = status?.tasks[0]?.state ?? status?.connector.state ?? 'UNASSIGNED'
  return styled(state === 'RUNNING' ? 'green' : state === 'FAILED' ? 'red' : 'dim', state)
}

const lagOf = (task: TaskProgress | undefined): string =>
  task === undefined || task.lag === null ? '-' : grouped(task.lag)

function failureOf(status: ConnectorStatus | undefined): string | undefined {
  const failed = [status?.connector, ...(status?.tasks ?? [])].find((part) => part?.state === 'FAILED')
  return failed === undefined ? undefined : `${status?.name} failed: ${failed.trace ?? ''}`
}
