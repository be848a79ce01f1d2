import type { Static } from 'typebox'
import { within, type Herder, type Peers } from '../../runtime/index.ts'
import type { TaskProgress } from '../schemas/progress.ts'

/** Time to wait for each worker, in milliseconds; a slow one must not delay the others. */
const TIMEOUT_MS = 2000

type Task = Static<typeof TaskProgress>
type Blocked = NonNullable<Task['blocked']>

/** Defaults for fields that older workers do not send. */
const unknownToOlder: Pick<Task, 'progress' | 'metrics' | 'retrying'> = {
  progress: null,
  metrics: [],
  retrying: null,
}

/** The progress of the connectors and tasks that a worker runs. */
export interface WorkerProgress {
  /** By {@link taskKey}. */
  readonly tasks: ReadonlyMap<string, Task>
  /** The reasons why connectors are blocked, by name. */
  readonly blocked: ReadonlyMap<string, Blocked>
}

export const taskKey = (connector: string, task: number): string => `${connector}-${task}`

/** Fetches progress from other workers. Skips Java workers and workers that do not respond in time. */
export async function peerProgress(
  herder: Herder,
  peers: Peers,
  workers: Iterable<string>,
  authorization: string | undefined,
): Promise<WorkerProgress> {
  const others = [...new Set(workers)].filter((workerId) => workerId !== herder.workerId)
  const scheme = herder.url.split(':', 1)[0] ?? 'http'
  const answers = await Promise.all(
    others.map((workerId) =>
      ask(peers, `${scheme}://${workerId}/headrace/connectors?scope=worker`, authorization),
    ),
  )
  const connectors = answers.flat()
  return {
    tasks: new Map(
      connectors.flatMap(([name, { tasks }]) => tasks.map((task) => [taskKey(name, task.task), task])),
    ),
    blocked: new Map(
      connectors.flatMap(([name, { blocked = null }]) => (blocked === null ? [] : [[name, blocked]])),
    ),
  }
}

/** The part of a connector's progress that is used here. */
interface PeerConnector {
  readonly blocked?: Blocked | null
  readonly tasks: readonly Task[]
}

async function ask(
  peers: Peers,
  url: string,
  authorization: string | undefined,
): Promise<[string, PeerConnector][]> {
  const headers = authorization === undefined ? {} : { authorization }
  try {
    const answer = await within(TIMEOUT_MS, peers.request({ method: 'GET', url, headers }), () => undefined)
    if (answer?.status !== 200) return []
    const connectors = answer.body as Readonly<Record<string, PeerConnector>>
    return Object.entries(connectors).map(([name, connector]) => [
      name,
      { ...connector, tasks: connector.tasks.map((task) => ({ ...unknownToOlder, ...task })) },
    ])
  } catch {
    return [] // its tasks are shown without counters
  }
}
