import { ConnectError } from '../../../api/index.ts'
import { reached } from '../goals.ts'
import type { HerderCommands, HerderQueries } from '../herder.ts'
import { inTime } from '../in-time.ts'
import { notStopped } from './connector-offsets.ts'
import { notFound } from './views.ts'

const STOP_TIMEOUT_MS = 60_000

export type DeletionHerder = Pick<HerderQueries, 'connectors' | 'status' | 'targetState' | 'until'> &
  Pick<HerderCommands, 'stage' | 'setTargetState' | 'changeOffsets' | 'delete'>

/** Source: KIP-875 describes the steps, which users of Kafka Connect perform themselves. */
export async function deleteWithOffsets(herder: DeletionHerder, name: string): Promise<void> {
  await inTime(herder, herder.setTargetState(name, 'STOPPED'))
  const stopped = reached('STOPPED')
  const gone = () => !herder.connectors().includes(name)
  if (!(await herder.until(() => gone() || stopped(herder, name, 0) === 'reached', STOP_TIMEOUT_MS))) {
    const message = `Connector ${name} did not stop in time; its offsets were not reset and it was not deleted`
    throw new ConnectError('HR_REQUEST_TIMEOUT', message)
  }
  if (gone()) {
    throw notFound(`Connector ${name} was deleted by another request while this one waited for it to stop`)
  }
  await inTime(herder, herder.changeOffsets(name, null))
  // Resumed or created again in between, its tasks may have stored offsets again
  if (!gone() && herder.targetState(name) !== 'STOPPED') throw notStopped(name)
  await inTime(herder, herder.delete(name))
}
