import { waitFor, type ConnectorStatus, type RestClient } from '../services/index.ts'
import { untilCluster, type Cluster } from './view.ts'

export type Kind = 'java' | 'headrace'

/** A worker of a group. */
export interface GroupWorker {
  readonly kind: Kind
  readonly rest: RestClient
}

export interface Settling {
  /** After how many milliseconds the group was settled; 0 without a Headrace worker. */
  readonly settledMs: number
  /** How many milliseconds later all workers showed the right states. */
  readonly rightMs: number
}

const SETTLE_MS = 120_000

/**
 * Waits until these workers are the members of a group, and share all connectors and the one task of each equally; then
 * until all of them show the right states. A group without a Headrace worker has no view of its members: there, running
 * somewhere in the group is right.
 */
export async function untilRight(
  workers: readonly GroupWorker[],
  connectors: readonly string[],
): Promise<Settling> {
  const begunAt = performance.now()
  const elapsed = () => Math.round(performance.now() - begunAt)
  const ours = workers.find(({ kind }) => kind === 'headrace')
  const settled = (cluster: Cluster) => isSettled(cluster, workers, connectors)
  const cluster =
    ours === undefined
      ? undefined
      : await untilCluster(ours.rest, 'all work on the members', settled, SETTLE_MS)
  const settledMs = elapsed()
  await Promise.all(workers.map(({ rest }) => untilStatesRight(rest, connectors, workers, cluster)))
  return { settledMs, rightMs: elapsed() - settledMs }
}

export const isAt = (rest: RestClient, url: string): boolean => rest.url === url.replace(/\/$/, '')

/** Whether exactly these workers are members, and share all connectors and their tasks. */
function isSettled(
  { state, members, unassigned, misplaced }: Cluster,
  workers: readonly GroupWorker[],
  connectors: readonly string[],
): boolean {
  const runs = members.flatMap((member) => member.runs)
  const least = Math.floor(connectors.length / workers.length)
  const isBalanced = (count: number) => count === least || count === least + 1
  return (
    state === 'Stable' &&
    unassigned.length === 0 &&
    misplaced.length === 0 &&
    members.length === workers.length &&
    workers.every(({ kind, rest }) =>
      members.some((member) => member.kind === kind && isAt(rest, member.url)),
    ) &&
    runs.length === 2 * connectors.length &&
    new Set(runs.map(({ connector, task }) => `${connector}-${task}`)).size === runs.length &&
    members.every(
      (member) =>
        isBalanced(member.runs.filter(({ task }) => task === null).length) &&
        isBalanced(member.runs.filter(({ task }) => task !== null).length),
    )
  )
}

/** Waits until a worker shows all as running: where the view of the group has it, or on one of the members. */
async function untilStatesRight(
  rest: RestClient,
  connectors: readonly string[],
  members: readonly GroupWorker[],
  cluster: Cluster | undefined,
): Promise<void> {
  const running = new Set(members.map((member) => new URL(member.rest.url).host))
  const isOwner = (worker: string, connector: string, task: number | null) => {
    const owner = cluster?.members.find(({ runs }) =>
      runs.some((run) => run.connector === connector && run.task === task),
    )
    return owner === undefined ? running.has(worker) : new URL(owner.url).host === worker
  }
  const isRight = ({ name, connector, tasks }: ConnectorStatus) =>
    connector.state === 'RUNNING' &&
    isOwner(connector.worker_id, name, null) &&
    tasks.length === 1 &&
    tasks.every(({ id, state, worker_id: at }) => state === 'RUNNING' && isOwner(at, name, id))
  let wrong: readonly unknown[] = []
  await waitFor(
    async () => {
      const statuses = await Promise.all(connectors.map((name) => rest.status(name).catch(() => undefined)))
      wrong = statuses.filter((status) => status === undefined || !isRight(status))
      return wrong.length === 0 ? true : undefined
    },
    { timeoutMs: SETTLE_MS, what: () => `right states at ${rest.url}; wrong are ${JSON.stringify(wrong)}` },
  )
}
