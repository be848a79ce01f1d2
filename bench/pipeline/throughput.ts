import { rm, stat } from 'node:fs/promises'
import { uniqueName } from '../../integration-tests/services/index.ts'
import type { TopicAdmin } from '../../runtime/kafka/index.ts'
import { steadyRate, watch } from './far-end.ts'
import type { RunningPeer } from './peers.ts'
import { usageOf } from './process-tree.ts'
import { connectorConfig, LINE_LENGTH, type Workload } from './workload.ts'

export interface Throughput {
  /** Records per second, at the destination. */
  readonly rate: number
  /** CPU seconds of all processes of the worker per million records. */
  readonly cpuPerMillion: number
  /** Resident memory of all processes when the last record has arrived, in bytes. */
  readonly resident: number
}

export interface Course {
  readonly file: string
  readonly outFile: string
  readonly topic: string
  readonly lines: number
  readonly admin: TopicAdmin
}

/** Runs one connector until all records have arrived, then deletes it. */
export async function measureThroughput(
  peer: RunningPeer,
  workload: Workload,
  course: Course,
): Promise<Throughput> {
  const { file, outFile, topic, lines, admin } = course
  const toTopic = workload.direction === 'file to topic'
  if (toTopic) await createTopic(admin, topic)
  else await rm(outFile, { force: true })
  const name = uniqueName('bench')
  const before = await usageOf(peer.pid)
  await peer.rest.put(name, connectorConfig(workload, toTopic ? file : outFile, topic))
  const samples = await watch(lines, toTopic ? () => recordsIn(admin, topic) : () => linesIn(outFile))
  const after = await usageOf(peer.pid)
  await peer.rest.delete(name)
  return {
    rate: steadyRate(samples, lines),
    cpuPerMillion: ((after.cpuSeconds - before.cpuSeconds) / lines) * 1e6,
    resident: after.resident,
  }
}

async function createTopic(admin: TopicAdmin, topic: string): Promise<void> {
  await admin.create({ topic, partitions: 1, replicationFactor: 1, configs: {} }, {})
}

async function recordsIn(admin: TopicAdmin, topic: string): Promise<number> {
  const [end] = await admin.endOffsets([{ topic, partition: 0 }], { readCommitted: true })
  return end?.offset ?? 0
}

async function linesIn(file: string): Promise<number> {
  const stats = await stat(file).catch(() => undefined)
  return (stats?.size ?? 0) / (LINE_LENGTH + 1)
}
