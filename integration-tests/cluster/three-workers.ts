import type { TestContext } from 'node:test'
import {
  distributedProps,
  startKafkaProxy,
  startWorker,
  waitFor,
  type HeadraceWorker,
  type KafkaProxy,
} from '../services/index.ts'

/** A worker of a cluster, behind a proxy of its own. */
export interface Member extends HeadraceWorker {
  readonly kafka: KafkaProxy
}

export interface TestCluster {
  /** Those that were started and not removed. */
  readonly members: readonly Member[]
  readonly props: Readonly<Record<string, string>>
  start(): Promise<Member>
  /** Stops to count a worker that was stopped or killed. */
  remove(member: Member): void
  /** Waits until all members have joined the same generation, and resolves to its leader. */
  leader(): Promise<Member>
}

export const SESSION_MS = 6000
export const DELAY_MS = 3000
/** The client id of the membership; other clients of a worker have longer ids. */
const MEMBERSHIP = 'membership'
const SETTLE_MS = 60_000

/** Chooses the connections of a worker to the coordinator of its group. */
export const toCoordinator = (clientId: string): boolean => clientId === MEMBERSHIP

/** Settings of workers of which a lost one is noticed soon. */
export const shortSessions: Readonly<Record<string, string>> = {
  'session.timeout.ms': String(SESSION_MS),
  'heartbeat.interval.ms': '1500',
}

/** Starts three workers, with short sessions and delays. */
export async function startCluster(
  t: TestContext,
  kafka: string,
  more: Readonly<Record<string, string>> = {},
  workers = 3,
): Promise<TestCluster> {
  const members: Member[] = []
  const props = {
    ...distributedProps(kafka),
    ...shortSessions,
    'client.id': MEMBERSHIP,
    'scheduled.rebalance.max.delay.ms': String(DELAY_MS),
    'consumer.session.timeout.ms': String(SESSION_MS),
    'consumer.heartbeat.interval.ms': '1500',
    ...more,
  }
  const start = async () => {
    const proxy = await startKafkaProxy(kafka)
    const worker = await startWorker(t, { props: { ...props, 'bootstrap.servers': proxy.bootstrapServers } })
    t.after(() => proxy.close()) // only after the worker has stopped
    const member = { ...worker, kafka: proxy }
    members.push(member)
    return member
  }
  await Promise.all(Array.from({ length: workers }, start))
  return {
    members,
    props,
    start,
    remove: (member) => void members.splice(members.indexOf(member), 1),
    leader: () => leaderOf(members),
  }
}

interface Joined {
  readonly generation: number
  readonly leader: string
}

function lastJoin(member: Member): Joined | undefined {
  const line = member
    .log()
    .split('\n')
    .findLast((text) => text.includes('"joined the cluster"'))
  return line === undefined ? undefined : (JSON.parse(line) as Joined)
}

function leaderOf(members: readonly Member[]): Promise<Member> {
  return waitFor(
    () => {
      const joins = members.map(lastJoin)
      const [first] = joins
      if (joins.some((join) => join?.generation !== first?.generation)) return undefined
      return members.find(({ rest }) => first?.leader.replace(/\/$/, '') === rest.url)
    },
    {
      timeoutMs: SETTLE_MS,
      what: () => `all members in one generation: ${JSON.stringify(members.map(lastJoin))}`,
    },
  )
}
