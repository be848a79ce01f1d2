import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { untilReplicated, type KafkaCluster } from '../services/index.ts'
import { SESSION_MS, type Member, type TestCluster } from './three-workers.ts'

/**
 * CLUSTER_ROUNDS sets a larger number; 100 rounds take about 20 minutes, which is more than the timeout of a test file:
 * run it with `--test-timeout=2400000`.
 */
export const ROUNDS = Number(process.env['CLUSTER_ROUNDS'] ?? 3)
/** Number of brokers, and of replicas of each topic. */
export const BROKERS = 3
const LONGEST_MS = 20 * 60_000
/** Longer than a session. */
const FAULT_MS = SESSION_MS + 2000

/** What happens to a cluster, by name. A promise resolves when the fault is over, not when the cluster has recovered. */
export type Faults = Readonly<Record<string, () => Promise<void>>>

/** Settings of workers whose internal topics outlive a broker. */
export const replicatedProps: Readonly<Record<string, string>> = {
  'config.storage.replication.factor': String(BROKERS),
  'offset.storage.replication.factor': String(BROKERS),
  'status.storage.replication.factor': String(BROKERS),
  'scheduled.rebalance.max.delay.ms': '1000',
}

/** Settings of sources whose topics outlive a broker. */
export const replicatedTopics: Readonly<Record<string, string>> = {
  'topic.creation.default.partitions': '1',
  'topic.creation.default.replication.factor': String(BROKERS),
}

/** The faults of random workers and brokers. A broker is killed only when all replicas of `topics` are in sync. */
export function clusterFaults(kafka: KafkaCluster, cluster: TestCluster, topics: readonly string[]): Faults {
  const anyMember = () => cluster.members[randomInt(cluster.members.length)]!
  const during = async (begin: (member: Member) => void, end: (member: Member) => void) => {
    const member = anyMember()
    begin(member)
    await sleep(FAULT_MS)
    end(member)
  }
  return {
    'a worker is killed': async () => {
      const member = anyMember()
      cluster.remove(member)
      await member.kill()
      await cluster.start()
    },
    'a worker is suspended': () =>
      during(
        (member) => member.signalAll('SIGSTOP'),
        (member) => member.signalAll('SIGCONT'),
      ),
    'a worker is cut off': () =>
      during(
        (member) => member.kafka.cut(),
        (member) => member.kafka.heal(),
      ),
    'a broker is killed': async () => {
      await untilReplicated(kafka, ...topics)
      const broker = kafka.brokers[randomInt(kafka.brokers.length)]!
      await broker.kill()
      await broker.start()
    },
    'the main process of a worker is suspended': () =>
      during(
        (member) => member.signal('SIGSTOP'),
        (member) => member.signal('SIGCONT'),
      ),
  }
}

/**
 * Lets faults happen, each kind once, then at random: {@link ROUNDS} of them, or as many as 20 minutes allow. After each
 * one, waits until all members are in one generation, then for `recovered`. Resolves to the number of faults.
 */
export async function injectFaults(
  faults: Faults,
  cluster: TestCluster,
  recovered: (fault: string, round: number) => Promise<void>,
): Promise<number> {
  const all = Object.entries(faults)
  const endAt = performance.now() + LONGEST_MS
  let rounds = 0
  while (rounds < ROUNDS && performance.now() < endAt) {
    const [name, inject] = all[rounds < all.length ? rounds : randomInt(all.length)]!
    await inject()
    await cluster.leader()
    await recovered(name, ++rounds)
  }
  return rounds
}
