import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { createTopic, uniqueName, workFolder } from '../../integration-tests/services/index.ts'
import type { Peer } from '../pipeline/peers.ts'
import { DELAY_MS, WorkerGroup } from './group.ts'

/** Times in milliseconds. */
export interface Leaving {
  /** Until the process had ended after SIGTERM. */
  readonly leftMs: number
  /** From the end of the process until the others ran all of the work. */
  readonly settledMs: number
}

/** Times from the first request. */
interface Creation {
  /** Until the last request was answered. */
  readonly putMs: number
  /** Until all connectors and tasks were running. */
  readonly runningMs: number
  /** CPU time of all workers until then. */
  readonly cpuSeconds: number
}

export interface SmallTasks extends Creation {
  readonly follower: Leaving
  readonly leader: Leaving
}

export interface ManyTasks extends Creation {
  /** From the loss of the session, less the delay of the rebalance, until the others ran all of the work. */
  readonly settledMs: number
  /** From SIGKILL until the coordinator had noticed. */
  readonly expiredMs: number
  /** Memory for each idle task, in bytes. */
  readonly resident: number
  readonly proportional: number
}

export interface ClusterCourse {
  readonly servers: string
  readonly connectors: number
  readonly pluginPath: string
}

const TASKS_MAX = 2
const INTERVAL_MS = '30000'
/** Time for rebalances, first records and garbage collection. */
const CALM_MS = 30_000

/** Creates file sources on three workers; then a follower is stopped and replaced, and the leader is stopped. */
export async function measureFileSources(
  peer: Peer,
  { servers, connectors }: Omit<ClusterCourse, 'pluginPath'>,
): Promise<SmallTasks> {
  const group = new WorkerGroup(peer, servers)
  await group.start()
  const file = join(workFolder('cluster'), 'missing.txt')
  const config = { 'connector.class': 'FileStreamSource', file, 'topic': uniqueName('cluster') }
  const created = await create(group, connectors, config, 1)
  const follower = await leave(group, 'follower', connectors)
  await group.start(1)
  await pause(CALM_MS) // the work moves to the new worker
  await group.untilRunning(connectors, connectors)
  const leader = await leave(group, 'leader', connectors)
  await group.stop()
  return { ...created, follower, leader }
}

/** Creates generator sources on three workers, of which one is then killed. */
export async function measureGenerators(
  peer: Peer,
  { servers, connectors, pluginPath }: ClusterCourse,
): Promise<ManyTasks> {
  const topic = uniqueName('cluster')
  await createTopic(servers, topic, {})
  const group = new WorkerGroup(peer, servers, { 'plugin.path': pluginPath })
  await group.start()
  await pause(CALM_MS)
  const before = await group.memory()
  const config = { 'connector.class': 'bench.Generator', 'tasks.max': String(TASKS_MAX), topic }
  const tasks = connectors * TASKS_MAX
  const created = await create(group, connectors, { ...config, 'interval.ms': INTERVAL_MS }, TASKS_MAX)
  await pause(CALM_MS)
  const after = await group.memory()
  const settled = await lose(group, connectors, tasks)
  await group.stop()
  return {
    ...created,
    ...settled,
    resident: (after.resident - before.resident) / tasks,
    proportional: (after.proportional - before.proportional) / tasks,
  }
}

async function create(
  group: WorkerGroup,
  connectors: number,
  config: Readonly<Record<string, string>>,
  tasksEach: number,
): Promise<Creation> {
  const cpuBefore = await group.cpuSeconds()
  const startedAt = performance.now()
  const names = Array.from({ length: connectors }, (_, index) => `connector-${index}`)
  await group.create(names, config)
  const putMs = performance.now() - startedAt
  await group.untilRunning(connectors, connectors * tasksEach)
  const runningMs = performance.now() - startedAt
  return { putMs, runningMs, cpuSeconds: (await group.cpuSeconds()) - cpuBefore }
}

async function leave(group: WorkerGroup, role: 'leader' | 'follower', connectors: number): Promise<Leaving> {
  const worker = group.remove(await group.find(role))
  const askedAt = performance.now()
  await worker.stop()
  const leftAt = performance.now()
  await group.untilRunning(connectors, connectors)
  return { leftMs: leftAt - askedAt, settledMs: performance.now() - leftAt }
}

async function lose(group: WorkerGroup, connectors: number, tasks: number) {
  const worker = group.remove(await group.find('follower'))
  const killedAt = performance.now()
  await worker.kill()
  await group.untilExpired(group.workers.length)
  const expiredAt = performance.now()
  await group.untilRunning(connectors, tasks)
  return { expiredMs: expiredAt - killedAt, settledMs: performance.now() - expiredAt - DELAY_MS }
}
