import { isConnectError, type Props } from '../../../api/index.ts'
import type { WorkerListener } from '../ports.ts'
import type { Dwelling, ProcessPool } from '../processes/pool.ts'
import type { Owner } from '../protocol.ts'

/** What instances need of their worker. */
export interface InstanceParts {
  readonly pool: ProcessPool
  readonly listener: WorkerListener
  /** A number under which the code of an instance is known, here and in its process. */
  newOwner(): Owner
  /** A number that distinguishes one start from all others of this worker. */
  newRun(): number
}

/** Kafka Connect has a state for an instance by then; one whose process hangs does not stay without. */
const DELAY_MS = 1000

/** Calls `tell` once if the instance is still starting after a while. */
export function noticeDelay(isStarting: () => boolean, tell: () => void): void {
  setTimeout(() => {
    if (isStarting()) tell()
  }, DELAY_MS).unref()
}

/** A home for a member of a connector: in a process for that connector alone, when its settings want one. */
export function homeOf(
  pool: ProcessPool,
  connector: { readonly name: string; readonly props: Props },
  member: string,
  weighs: boolean,
): Dwelling {
  const isDedicated = connector.props['task.isolation']?.trim().toLowerCase() === 'dedicated'
  return isDedicated ? pool.dedicate(connector.name, member, weighs) : pool.share(member, weighs)
}

/** Such errors need no report of their own: the end of a process is reported once, for all instances in it. */
export const isProcessLoss = (error: unknown): boolean =>
  isConnectError(error) && error.code === 'HR_TASK_PROCESS_LOST'
