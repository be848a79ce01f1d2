import type { RunningPeer } from './peers.ts'

/** The state of a connector or task, and the worker that reported it, as `host:port`. */
export interface Instance {
  readonly state: string
  readonly worker_id: string
}

/** The states of all connectors and tasks of a worker or its cluster. */
export interface Instances {
  readonly connectors: readonly Instance[]
  readonly tasks: readonly Instance[]
}

/** Number of requests that are sent concurrently. */
const TOGETHER = 8

export async function instancesOf({ rest }: Pick<RunningPeer, 'rest'>): Promise<Instances> {
  const { body } =
    await rest.get<Record<string, { status: { connector: Instance; tasks: Instance[] } }>>(
      '/connectors?expand=status',
    )
  const statuses = Object.values(body).map(({ status }) => status)
  return {
    connectors: statuses.map(({ connector }) => connector),
    tasks: statuses.flatMap(({ tasks }) => tasks),
  }
}

/** Awaits a step for each name, some of them at a time. */
export async function eachOf(
  names: readonly string[],
  step: (name: string) => Promise<void>,
  together = TOGETHER,
): Promise<void> {
  const left = [...names]
  const work = async () => {
    for (let name = left.pop(); name !== undefined; name = left.pop()) await step(name)
  }
  await Promise.all(Array.from({ length: together }, work))
}
