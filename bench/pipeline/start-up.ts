import { setTimeout as pause } from 'node:timers/promises'
import { startKafka } from '../../integration-tests/services/index.ts'
import type { Peer } from './peers.ts'
import { usageOf } from './process-tree.ts'

export interface StartUp {
  /** Time from spawning the worker to the first 200 of `GET /connectors`, on a new broker. */
  readonly readyMs: number
  /** Resident memory of all processes without a connector, in bytes, after the idle time. */
  readonly idleResident: number
}

/** Starts a worker on a new broker and leaves it idle. */
export async function measureStartUp(peer: Peer, idleSeconds: number): Promise<StartUp> {
  const kafka = await startKafka()
  try {
    const startedAt = performance.now()
    const worker = await peer.start(kafka.bootstrapServers)
    const { status } = await worker.rest.get('/connectors')
    const readyMs = performance.now() - startedAt
    if (status !== 200) throw new Error(`GET /connectors returned ${status}`)
    await pause(idleSeconds * 1000)
    const { resident } = await usageOf(worker.pid)
    await worker.stop()
    return { readyMs, idleResident: resident }
  } finally {
    await kafka.stop()
  }
}
