import type { TestContext } from 'node:test'
import { waitFor } from '../wait-for.ts'
import { launchWorker, type HeadraceWorker } from './headrace-worker.ts'

type Config = Readonly<Record<string, string>>

/** Two workers of a cluster, of which one is disturbed at a time. */
export interface WorkerPair {
  /** One that runs. */
  readonly one: HeadraceWorker
  /** Kills one, with `kill -9`, and starts another. */
  kill(): Promise<void>
  /** Suspends one, with the processes of its tasks, until the other one has got all tasks of the sink. */
  freeze(sink: string, tasks: number): Promise<void>
  /**
   * Kills `kills` times, and freezes half as often in between. `before` is awaited before each time.
   */
  disturb(options: DisturbOptions): Promise<void>
}

export interface DisturbOptions {
  readonly sink: string
  readonly tasks: number
  readonly kills: number
  readonly before: (round: number) => Promise<unknown>
}

/** Sessions of workers and of sink tasks. */
const SESSION_MS = 6000
const TIMEOUT_MS = 240_000

/** Settings with which a worker that is killed or frozen is soon replaced, by those of the worker without. */
export const pairProps = (worker: Config): Record<string, string> => ({
  ...worker,
  'session.timeout.ms': String(SESSION_MS),
  'heartbeat.interval.ms': '1000',
  'scheduled.rebalance.max.delay.ms': '500',
  'connector.client.config.override.policy': 'All',
})

/** The same for the consumers of a sink. */
export const pairedSink: Config = {
  'consumer.override.session.timeout.ms': String(SESSION_MS),
  'consumer.override.heartbeat.interval.ms': '1000',
  'consumer.override.max.poll.records': '500',
}

/** How often {@link WorkerPair.disturb} freezes. */
export const freezesFor = (kills: number): number => Math.ceil(kills / 2)

/** Starts the workers, which are killed at the end of the test. */
export async function startWorkerPair(t: TestContext, props: Config): Promise<WorkerPair> {
  const launch = () => launchWorker({ props })
  let workers: readonly [HeadraceWorker, HeadraceWorker] = [await launch(), await launch()]
  t.after(() => Promise.all(workers.map((worker) => worker.kill())))
  const pair: WorkerPair = {
    get one() {
      return workers[0]
    },
    async kill() {
      const [one, other] = workers
      await one.kill()
      workers = [other, await launch()]
    },
    async freeze(sink, tasks) {
      const [one, other] = workers
      await freezeWorker(sink, tasks, one, other)
      workers = [other, one]
    },
    async disturb({ sink, tasks, kills, before }) {
      for (let round = 0; round < kills + freezesFor(kills); round++) {
        await before(round)
        if (round % 3 === 1) await pair.freeze(sink, tasks)
        else await pair.kill()
      }
    },
  }
  return pair
}

async function freezeWorker(
  sink: string,
  tasks: number,
  one: HeadraceWorker,
  other: HeadraceWorker,
): Promise<void> {
  const progress = (await one.rest.progress())[sink]?.tasks ?? []
  const own = await tasksOf(sink, one, one)
  const processes = progress.filter(({ task }) => own.includes(task)).map(({ pid }) => pid)
  const pids = new Set([one.pid, ...processes.filter((pid) => pid > 0)])
  for (const pid of pids) signal(pid, 'SIGSTOP')
  try {
    await waitFor(async () => ((await tasksOf(sink, other, other)).length >= tasks ? true : undefined), {
      timeoutMs: TIMEOUT_MS,
      what: 'the other worker to get the tasks',
    })
  } finally {
    for (const pid of pids) signal(pid, 'SIGCONT')
  }
}

/** The numbers of the tasks that a worker runs, as another one knows it. */
async function tasksOf(
  sink: string,
  { rest: { url } }: HeadraceWorker,
  { rest }: HeadraceWorker,
): Promise<number[]> {
  const { host } = new URL(url)
  const tasks = (await rest.status(sink))?.tasks ?? []
  return tasks.filter(({ state, worker_id: at }) => state === 'RUNNING' && at === host).map(({ id }) => id)
}

/** A task process may have ended meanwhile. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
