import type { TestContext } from 'node:test'
import { distributedProps, startJavaWorker, startWorker } from '../services/index.ts'
import { untilGroup } from './group-state.ts'
import { isAt, untilRight, type GroupWorker, type Kind, type Settling } from './right-states.ts'
import { untilCluster, type Cluster } from './view.ts'

export type { Kind } from './right-states.ts'

/** A worker of a mixed group. */
export interface MixedMember extends GroupWorker {
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
  /** Waits until the group no longer counts workers that were killed. */
  untilExpired(): Promise<unknown>
  /** See {@link untilRight}. */
  untilRight(connectors: readonly string[]): Promise<Settling>
}

const SESSION_MS = 6000
const SETTLE_MS = 60_000

export function mixedGroup(
  t: TestContext,
  kafka: string,
  more: Readonly<Record<string, string>> = {},
): MixedGroup {
  const props: Record<string, string> = {
    ...distributedProps(kafka),
    'session.timeout.ms': String(SESSION_MS),
    'heartbeat.interval.ms': '1000',
    'scheduled.rebalance.max.delay.ms': '3000',
    'consumer.session.timeout.ms': String(SESSION_MS),
    'consumer.heartbeat.interval.ms': '1000',
    ...more,
  }
  const members: MixedMember[] = []
  const remove = (member: MixedMember) => void members.splice(members.indexOf(member), 1)
  const launch = async (kind: Kind, port: number): Promise<MixedMember> => {
    if (kind === 'headrace') {
      const listeners = `http://127.0.0.1:${port}`
      return { kind, ...(await startWorker(t, { props: { ...props, listeners } })) }
    }
    const worker = await startJavaWorker({ props, ...(port === 0 ? {} : { port }) })
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
    untilExpired: () =>
      untilGroup(kafka, props['group.id'] ?? '', { state: 'Stable', members: members.length }),
    untilRight: (connectors) => untilRight(members, connectors),
  }
}
