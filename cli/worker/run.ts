import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '../../api/index.ts'
import { loadConnectorFile, type ConnectorFile } from '../../config/index.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'
import type { WorkerCommand } from '../arguments.ts'
import { npxEnded } from './npx.ts'
import { readWorkerSettings } from './settings.ts'
import { stopRequested } from './signals.ts'
import { startWorker, type RunningWorker } from './start.ts'

const targetStates = { RUNNING: 'STARTED', PAUSED: 'PAUSED', STOPPED: 'STOPPED' } as const
/** How long a worker that is asked to stop while it starts may take to get to where it can stop softly. */
const START_GRACE_MS = 5000

/** Runs a worker until it is asked to stop, or cannot go on. */
export async function runWorker(command: WorkerCommand): Promise<number> {
  const loaded = await readWorkerSettings(command.name, command.workerFile, command.overrides)
  const connectors = await readConnectors(command.connectorFiles)
  const stop = Promise.race([stopRequested(), npxEnded()])
  const starting = startWorker(command.name, loaded)
  const worker = await Promise.race([starting, stop])
  if (worker === undefined) return stopEarly(starting)
  for (const connector of connectors) {
    if (await createConnector(worker, connector)) continue
    await worker.stop()
    return exitCodes.connectorRefused
  }
  return untilStopped(worker, stop)
}

/** All files are read before anything is started. Throws with the exit code for refused connectors. */
async function readConnectors(files: readonly string[]): Promise<ConnectorFile[]> {
  try {
    return await Promise.all(files.map(loadConnectorFile))
  } catch (error) {
    throw new CommandError(messageOf(error), exitCodes.connectorRefused, { cause: error })
  }
}

async function createConnector(worker: RunningWorker, connector: ConnectorFile): Promise<boolean> {
  const { name, config, initialState } = connector
  const state = initialState === undefined ? {} : { initialState: targetStates[initialState] }
  try {
    await worker.herder.put(name, config, { mayReplace: false, ...state })
    worker.log.info('a connector was created', { connector: name })
    return true
  } catch (error) {
    worker.log.error('a connector of the command line was refused', {
      connector: name,
      reason: messageOf(error),
    })
    return false
  }
}

/** A start that waits for Kafka cannot be stopped softly: it is waited for a little, then left behind. */
async function stopEarly(starting: Promise<RunningWorker>): Promise<number> {
  const worker = await Promise.race([starting, sleep(START_GRACE_MS, undefined, { ref: false })])
  if (worker === undefined) process.exit(exitCodes.done)
  await worker.stop()
  return exitCodes.done
}

async function untilStopped(worker: RunningWorker, stop: Promise<void>): Promise<number> {
  try {
    await Promise.race([stop, worker.ended()])
  } catch (error) {
    worker.log.error('the worker cannot go on', { reason: messageOf(error) })
    await worker.stop()
    return exitCodes.failed
  }
  await worker.stop()
  return exitCodes.done
}
