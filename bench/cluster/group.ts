import { setTimeout as pause } from 'node:timers/promises'
import { distributedProps, waitFor, withAdmin } from '../../integration-tests/services/index.ts'
import { decodeAssignment } from '../../runtime/herder/distributed/assignment/protocol.ts'
import { eachOf, instancesOf, type Instance } from '../pipeline/connectors.ts'
import type { Peer, RunningPeer } from '../pipeline/peers.ts'
import { proportionalOf, usageOf } from '../pipeline/process-tree.ts'

export const WORKERS = 3
/** `scheduled.rebalance.max.delay.ms` of all workers. */
export const DELAY_MS = 3000
const POLL_MS = 200
const TIMEOUT_MS = 600_000

export interface Memory {
  /** The sum of the resident memory of all processes, in bytes. */
  readonly resident: number
  /** The same, where a shared page counts once. */
  readonly proportional: number
}

type Config = Readonly<Record<string, string>>

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/** Workers of one kind in a group of their own. */
export class WorkerGroup {
  readonly workers: RunningPeer[] = []
  readonly #peer: Peer
  readonly #servers: string
  readonly #props: Config

  constructor(peer: Peer, servers: string, changes: Config = {}) {
    this.#peer = peer
    this.#servers = servers
    this.#props = {
      ...distributedProps(servers),
      'scheduled.rebalance.max.delay.ms': String(DELAY_MS),
      'offset.flush.interval.ms': '60000', // the default
      ...changes,
    }
  }

  async start(count = WORKERS): Promise<void> {
    const started = Array.from({ length: count }, () => this.#peer.start(this.#servers, this.#props))
    this.workers.push(...(await Promise.all(started)))
    await this.untilMembers(this.workers.length)
  }

  async stop(): Promise<void> {
    await Promise.all(this.workers.splice(0).map((worker) => worker.stop()))
  }

  /** Takes a worker out of the group, to stop or kill it. */
  remove(worker: RunningPeer): RunningPeer {
    this.workers.splice(this.workers.indexOf(worker), 1)
    return worker
  }

  /** Returns the worker that leads, or another one. */
  async find(role: 'leader' | 'follower'): Promise<RunningPeer> {
    const members = await this.untilMembers(this.workers.length)
    const leader = members[0]?.leaderUrl.replace(/\/$/, '')
    const found = this.workers.find(({ rest }) => (rest.url === leader) === (role === 'leader'))
    if (found === undefined) throw new Error(`no ${role} among ${this.workers.length} workers`)
    return found
  }

  /** Creates connectors through all workers, one request at a time through each. */
  async create(names: readonly string[], config: Config): Promise<void> {
    const free = [...this.workers]
    await eachOf(
      names,
      async (name) => {
        const worker = free.shift()
        await worker?.rest.put(name, config)
        if (worker !== undefined) free.push(worker)
      },
      this.workers.length,
    )
  }

  /** Waits until the workers of the group run this number of connectors and tasks. */
  async untilRunning(connectors: number, tasks: number): Promise<void> {
    const hosts = new Set(this.workers.map(({ rest }) => new URL(rest.url).host))
    const running = (instances: readonly Instance[]) =>
      instances.filter(({ state, worker_id }) => state === 'RUNNING' && hosts.has(worker_id)).length
    let last = ''
    const deadline = performance.now() + TIMEOUT_MS
    for (;;) {
      const [first] = this.workers
      // a worker that starts hundreds of tasks may not answer in time
      const all = first === undefined ? undefined : await instancesOf(first).catch(() => undefined)
      if (all !== undefined) {
        const found = [running(all.connectors), running(all.tasks)]
        if (found[0] === connectors && found[1] === tasks) return
        last = found.join(' connectors and ')
      }
      if (performance.now() > deadline)
        throw new Error(`${last} tasks run instead of ${connectors} and ${tasks}`)
      await pause(POLL_MS)
    }
  }

  /** Waits until the group has this number of members and is stable. */
  untilMembers(count: number) {
    return this.#describe(({ state, members }) => {
      if (state !== 'Stable' || members.length !== count) return undefined
      return members.map(({ memberAssignment }) => decodeAssignment(memberAssignment))
    }, `${count} members`)
  }

  /** Waits until the coordinator has removed a member without its doing. */
  untilExpired(count: number): Promise<true> {
    return this.#describe(({ members }) => (members.length <= count ? true : undefined), 'an expired session')
  }

  async memory(): Promise<Memory> {
    const usages = await Promise.all(this.workers.map(({ pid }) => usageOf(pid)))
    return {
      resident: sum(usages.map(({ resident }) => resident)),
      proportional: sum(await Promise.all(this.workers.map(({ pid }) => proportionalOf(pid)))),
    }
  }

  /** CPU time of all processes since their start. */
  async cpuSeconds(): Promise<number> {
    const usages = await Promise.all(this.workers.map(({ pid }) => usageOf(pid)))
    return sum(usages.map(({ cpuSeconds }) => cpuSeconds))
  }

  #describe<T>(
    answer: (group: {
      readonly state: string
      readonly members: readonly { readonly memberAssignment: Buffer }[]
    }) => T | undefined,
    what: string,
  ): Promise<T> {
    const id = this.#props['group.id'] ?? ''
    return withAdmin(this.#servers, (admin) =>
      waitFor(
        async () => {
          const [group] = (await admin.describeGroups([id])).groups
          return group === undefined ? undefined : answer(group)
        },
        { timeoutMs: TIMEOUT_MS, what: `${what} in group ${id}` },
      ),
    )
  }
}
