import type { TestContext } from 'node:test'
import type { Props } from '../../../api/index.ts'
import type { TargetState, TaskId } from '../../stores/index.ts'
import { silentLogger } from '../../telemetry/index.ts'
import { settle } from '../../timing/test/gate.ts'
import type { WorkerListener } from '../ports.ts'
import { ProcessPool } from '../processes/pool.ts'
import { fakeProcess, type FakeProcess } from '../processes/test/fake-process.ts'
import type { ConnectorStart, HostMethods, TaskStart } from '../protocol.ts'
import { Worker } from '../worker.ts'

/** The result of a successful connector start. */
export const started = { version: '1', failure: undefined, ttlMs: undefined }

export const idOf = (task: number): TaskId => ({ connector: 'c', task })
export const nameOf = ({ connector, task }: TaskId) => `${connector}-${task}`

/**
 * A worker with fake processes; `heard` collects the calls of its listener, in order. `ready` determines when
 * the next process is ready.
 */
export function openWorker(
  t: TestContext,
  {
    answers = {},
    size = 1,
    gracefulStopMs = 60_000,
    isExactlyOnce = () => false,
    ready = () => Promise.resolve(),
  }: {
    answers?: Partial<HostMethods>
    size?: number
    gracefulStopMs?: number
    isExactlyOnce?: () => boolean
    ready?: () => Promise<void>
  } = {},
) {
  const heard: string[] = []
  const forked: FakeProcess[] = []
  const starts: TaskStart[] = []
  const connectorStarts: ConnectorStart[] = []
  const traces: string[] = []
  const say = (what: string) => (name: string | TaskId) =>
    void heard.push(`${typeof name === 'string' ? name : nameOf(name)} ${what}`)
  const failed = (name: string | TaskId, trace: string) => {
    say('failed')(name)
    traces.push(trace.split('\n')[0] ?? '')
  }
  const listener: WorkerListener = {
    connectorDelayed: say('delayed'),
    connectorRestarting: say('restarting'),
    connectorRunning: say('running'),
    connectorPaused: say('paused'),
    connectorStopped: say('stopped'),
    connectorFailed: failed,
    connectorShutDown: say('shut down'),
    taskDelayed: say('delayed'),
    taskRunning: say('running'),
    taskPaused: say('paused'),
    taskFailed: failed,
    taskRestarting: say('restarting'),
    taskShutDown: say('shut down'),
    topicUsed: (_id, topic) => void heard.push(`${topic} used`),
    reconfigurationRequested: say('wants other tasks'),
    valuesExpire: (name, ms) => void heard.push(`${name} expires in ${ms}`),
  }
  const methods: Partial<HostMethods> = {
    startConnector: async (start) => {
      connectorStarts.push(start)
      return started
    },
    startTask: async (start) => void starts.push(start),
    ...answers,
  }
  const fork = () => {
    const process = fakeProcess(forked.length + 1, methods, ready())
    forked.push(process)
    return process
  }
  const pool = new ProcessPool(size, fork, (end, members) => worker.processEnded(end, members), silentLogger)
  const worker = new Worker(pool, listener, { gracefulStopMs, versionOf: () => '1', isExactlyOnce })
  t.after(() => pool.close())
  return { worker, pool, heard, forked, starts, connectorStarts, traces }
}

export function definition(task: number, connectorProps: Props = {}, targetState: TargetState = 'STARTED') {
  return { id: idOf(task), connectorProps, taskProps: {}, targetState, taskCount: undefined, generation: 0 }
}

/** Starts tasks, and lets each report that it is running. */
export async function startTasks({ worker, starts }: ReturnType<typeof openWorker>, count: number) {
  for (let task = 0; task < count; task++) worker.startTask(definition(task))
  await settle()
  for (const { id, run } of starts) worker.events.taskRunning(id, run, '1')
}
