import { once } from 'node:events'
import { messageOf } from '../../api/index.ts'
import {
  loadConnectorFile,
  type ConnectorFile,
  type LoadedConnector,
  type LoadedProperties,
} from '../../config/index.ts'
import { IdleHeap } from '../../runtime/index.ts'
import { CommandError, exitCodes } from '../exit-codes.ts'
import type { WorkerCommand } from '../arguments.ts'
import type { StopSignal } from '../stop-signal.ts'
import { npxEnded } from './npx.ts'
import { readWorkerSettings, type WorkerMode } from './settings.ts'
import { startWorker, type RunningWorker } from './start.ts'

const targetStates = { RUNNING: 'STARTED', PAUSED: 'PAUSED', STOPPED: 'STOPPED' } as const

/** Runs a worker until a stop request or a fatal error; resolves to the exit code. */
export async function runWorker(command: WorkerCommand, stopSignal: StopSignal): Promise<number> {
  const stop = stopSignal.signal
  stopSignal.alsoAfter(npxEnded())
  if (stop.aborted) return exitCodes.done
  const { name, workerFile, overrides } = command
  const environment = command.fromEnvironment ? process.env : undefined
  const loaded = await readWorkerSettings(name, { file: workerFile, overrides, environment })
  const connectors = await readConnectors(command.connectorFiles)
  const worker = await startUnlessStopped(command.name, loaded, stop)
  if (worker === undefined) return exitCodes.done
  new IdleHeap().watch()
  const stopped = whenAborted(stop)
  for (const warning of connectors.flatMap(({ warnings }) => warnings)) worker.log.warn(warning)
  for (const connector of connectors) {
    if (stop.aborted) break
    if (await Promise.race([createConnector(worker, connector), stopped])) continue
    await worker.stop()
    return exitCodes.connectorRefused
  }
  return untilStopped(worker, stopped)
}

/** Reads all files before the worker starts. Throws a CommandError with `exitCodes.connectorRefused`. */
async function readConnectors(files: readonly string[]): Promise<LoadedConnector[]> {
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
    worker.log.info('connector created', { connector: name })
    return true
  } catch (error) {
    worker.log.error('cannot create a connector from the command line', {
      connector: name,
      reason: messageOf(error),
    })
    return false
  }
}

/** Resolves to undefined when the signal aborts the start. */
async function startUnlessStopped(
  mode: WorkerMode,
  settings: LoadedProperties,
  signal: AbortSignal,
): Promise<RunningWorker | undefined> {
  if (signal.aborted) return undefined
  try {
    return await startWorker(mode, settings, { signal })
  } catch (error) {
    if (signal.aborted) return undefined
    throw error
  }
}

/** Resolves to true once the signal is aborted. */
async function whenAborted(signal: AbortSignal): Promise<true> {
  if (!signal.aborted) await once(signal, 'abort')
  return true
}

async function untilStopped(worker: RunningWorker, stopped: Promise<unknown>): Promise<number> {
  try {
    await Promise.race([stopped, worker.ended()])
  } catch (error) {
    worker.log.error('fatal error; stopping the worker', { reason: messageOf(error) })
    await worker.stop()
    return exitCodes.failed
  }
  await worker.stop()
  return exitCodes.done
}
