import { messageOf } from '../api/index.ts'
import { loadConnectorFile } from '../config/index.ts'
import type { Command } from './arguments.ts'
import { exitCodes, UsageError } from './exit-codes.ts'
import { stopRequested } from './signals.ts'
import { readWorkerSettings } from './worker-settings.ts'
import { startWorker, type RunningWorker } from './worker.ts'

type WorkerCommand = Extract<Command, { name: 'distributed' | 'standalone' }>

const initialStates = { RUNNING: 'STARTED', PAUSED: 'PAUSED', STOPPED: 'STOPPED' } as const

/** Runs a worker until it is asked to stop, or cannot go on. */
export async function runWorker(command: WorkerCommand): Promise<number> {
  const { props, warnings } = await readWorkerSettings(command.name, command.workerFile, command.overrides)
  const connectors =
    command.name === 'standalone' ? await Promise.all(command.connectorFiles.map(loadConnectorFile)) : []
  const stop = stopRequested()
  const worker = await startWorker(command.name, props, warnings)
  for (const { name, config, initialState } of connectors) {
    try {
      const state = initialState === undefined ? undefined : initialStateOf(name, initialState)
      const options = { mayReplace: false, ...(state === undefined ? {} : { initialState: state }) }
      await worker.herder.put(name, config, options)
    } catch (error) {
      worker.log.error('a connector of the command line was refused', {
        connector: name,
        reason: messageOf(error),
      })
      await worker.stop()
      return exitCodes.connectorRefused
    }
  }
  return untilStopped(worker, stop)
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

function initialStateOf(name: string, text: string) {
  const state = Object.entries(initialStates).find(([key]) => key === text.toUpperCase())?.[1]
  if (state === undefined) {
    const expected = Object.keys(initialStates).join(', ')
    throw new UsageError(`connector ${name}: initial_state is '${text}', expected one of ${expected}`)
  }
  return state
}
