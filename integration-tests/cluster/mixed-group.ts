import type { TestContext } from 'node:test'
import {
  distributedProps,
  startJavaWorker,
  startWorker,
  waitFor,
  type ConnectorStatus,
  type RestClient,
} from '../services/index.ts'
import { untilCluster, type Cluster } from './view.ts'

export type Kind = 'java' | 'headrace'

/** A worker of a mixed group. */
export interface MixedMember {
  readonly kind: Kind
  readonly rest: RestClient
  stop(): Promise<unknown>
  kill(): Promise<unknown>
}

/** Java and Headrace workers that share a group, with short sessions and delays. */
export interface MixedGroup {
  /** Those that run. */
  readonly members: readonly MixedMember[]
  /** Starts a worker, at the address of an earlier one if that is given. */
  start(kind: Kind, address?: string): Promise<MixedMember>
  stop(member: MixedMember): Promise<void>
  kill(member: MixedMember): Promise<void>
  /** Resolves to the worker that leads, which a Headrace worker must know. */
  leader(): Promise<MixedMember>
  /**
   * Waits until each connector and the one task of it run on a worker of the group, the load is balanced, and all
   * workers show the right states. Returns after how many milliseconds the group was settled, and the states were right.
   */
  untilRight(connectors: readonly string[]): Promise<{ readonly settledMs: number; readonly rightMs: number }>
}

const SESSION_MS = 6000
const SETTLE_MS = 60_000
const small = ['-Xmx512m', '-XX:TieredStopAtLevel=1']

export function mixedGroup(t: TestContext, kafka: string): MixedGroup {
  const props: Record<string, string> = {
    ...distributedProps(kafka),
    'session.timeout.ms': String(SESSION_MS),
    'heartbeat.interval.ms': '1000',
    'scheduled.rebalance.max.delay.ms': '3000',
    'consumer.session.timeout.ms': String(SESSION_MS),
    'consumer.heartbeat.interval.ms': '1000',
  }
  const members: MixedMember[] = []
  const remove = (member: MixedMember) => void members.splice(members.indexOf(member), 1)
  const launch = async (kind: Kind, port: number): Promise<MixedMember> => {
    if (kind === 'headrace') {
      const listeners = `http://127.0.0.1:${port}`
      return { kind, ...(await startWorker(t, { props: { ...props, listeners, 'task.processes': '1' } })) }
    }
    const worker = await startJavaWorker({ props, jvm: small, ...(port === 0 ? {} : { port }) })
    t.after(() => worker.stop())
    return { kind, ...worker }
  }
  const view = (what: string, has: (cluster: Cluster) => boolean) => {
    const one = members.find(({ kind }) => kind === 'headrace')
    if (one === undefined) throw new Error('a group without Headrace workers has no view of its members')
    return untilCluster(one.rest, what, has, SETTLE_MS)
  }
  return {
    members,
    async start(kind, address) {
      const member = await launch(kind, address === undefined ? 0 : Number(new URL(address).port))
      members.push(member)
      return member
    },
    async stop(member) {
      remove(member)
      await member.stop()
    },
    async kill(member) {
      remove(member)
      await member.kill()
    },
    async leader() {
      const cluster = await view('a leader', ({ leader }) => leader !== null)
      const found = members.find(({ rest }) => isAt(rest, cluster.leader ?? ''))
      if (found === undefined) throw new Error(`the leader does not run: ${cluster.leader}`)
      return found
    },
    async untilRight(connectors) {
      const begunAt = performance.now()
      const mixed = members.some(({ kind }) => kind === 'headrace')
      const cluster = mixed
        ? await view('all work on the members', (seen) => isSettled(seen, members, connectors))
        : undefined
      const settledMs = Math.round(performance.now() - begunAt)
      for (const { rest } of members) await untilStatesRight(rest, connectors, members, cluster)
      return { settledMs, rightMs: Math.round(performance.now() - begunAt) - settledMs }
    },
  }
}

const isAt = (rest: RestClient, url: string): boolean => rest.url === url.replace(/\/$/, '')

/** Whether exactly these workers are members, and share all connectors and their tasks. */
function isSettled(
  { state, members, unassigned, misplaced }: Cluster,
  workers: readonly MixedMember[],
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
  members: readonly MixedMember[],
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
