import { type Props } from '../../../api/index.ts'
import type { WorkerListener } from '../ports.ts'
import type { HostedProcess, ProcessPool } from '../processes/pool.ts'
import type { Owner } from '../protocol.ts'

/** The parts of a worker that its instances need. */
export interface InstanceParts {
  readonly pool: ProcessPool
  readonly listener: WorkerListener
  /** Returns a number that identifies the code of an instance, here and in its process. */
  newOwner(): Owner
  /** Returns a number that identifies one start among all starts of this worker. */
  newRun(): number
}

/** Kafka Connect has usually reported a state by this time; an instance whose process hangs needs one too. */
const DELAY_MS = 1000

/** Calls `tell` once if the instance is still starting after the delay. */
export function reportSlowStart(isStarting: () => boolean, tell: () => void): void {
  setTimeout(() => {
    if (isStarting()) tell()
  }, DELAY_MS).unref()
}

/** Returns the process for a member of a connector, in a dedicated process when the settings require one. */
export function chooseProcess(
  pool: ProcessPool,
  connector: { readonly name: string; readonly props: Props },
  member: string,
  countsAsLoad: boolean,
): HostedProcess {
  const isDedicated = connector.props['task.isolation']?.trim().toLowerCase() === 'dedicated'
  return isDedicated ? pool.dedicate(connector.name, member, countsAsLoad) : pool.share(member, countsAsLoad)
}
