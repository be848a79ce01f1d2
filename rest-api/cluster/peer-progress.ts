import type { Static } from 'typebox'
import type { Herder, Peers } from '../../runtime/index.ts'
import type { TaskProgress } from '../schemas/progress.ts'

/** Time to wait for each worker, in milliseconds; a slow one must not delay the others. */
const TIMEOUT_MS = 2000

type Task = Static<typeof TaskProgress>

/** Defaults for fields that older workers do not send. */
const unknownToOlder: Pick<Task, 'progress' | 'metrics'> = { progress: null, metrics: [] }

/** Progress of tasks, by {@link taskKey}. */
export type TaskIndex = ReadonlyMap<string, Task>

export const taskKey = (connector: string, task: number): string => `${connector}-${task}`

/** Fetches the progress of tasks from other workers. Skips Java workers and workers that do not respond in time. */
export async function peerProgress(
  herder: Herder,
  peers: Peers,
  workers: Iterable<string>,
  authorization: string | undefined,
): Promise<TaskIndex> {
  const others = [...new Set(workers)].filter((workerId) => workerId !== herder.workerId)
  const scheme = herder.url.split(':', 1)[0] ?? 'http'
  const answers = await Promise.all(
    others.map((workerId) =>
      ask(peers, `${scheme}://${workerId}/headrace/connectors?scope=worker`, authorization),
    ),
  )
  return new Map(answers.flat())
}

async function ask(peers: Peers, url: string, authorization: string | undefined): Promise<[string, Task][]> {
  const headers = authorization === undefined ? {} : { authorization }
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), TIMEOUT_MS)
  })
  try {
    const answer = await Promise.race([peers.request({ method: 'GET', url, headers }), late])
    if (answer?.status !== 200) return []
    const connectors = answer.body as Readonly<Record<string, { readonly tasks: readonly Task[] }>>
    return Object.entries(connectors).flatMap(([name, { tasks }]) =>
      tasks.map((task): [string, Task] => [taskKey(name, task.task), { ...unknownToOlder, ...task }]),
    )
  } catch {
    return [] // its tasks are shown without counters
  } finally {
    clearTimeout(timer)
  }
}
