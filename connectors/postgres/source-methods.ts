import type { ConfigFault, SourceTask, SourceTaskContext, TaskProps } from '../../api/index.ts'
import { validateWithConnection } from './config/connection-check.ts'
import type { PostgresConfig } from './config/definition.ts'
import { connect } from './connection/database.ts'
import { openPostgresTask } from './task.ts'

export { diagnosePostgres as diagnose } from './diagnosis/diagnose.ts'
export { removeSlot as deleted } from './slot/deletion.ts'
export { validateOffsets as alterOffsets } from './streaming/altered-offsets.ts'

/** Validates all settings, and the connection. */
export function validate(props: TaskProps): Promise<readonly ConfigFault[]> {
  return validateWithConnection(props, connect)
}

/** Opens the task, which parses its settings itself. */
export function openTask(_config: PostgresConfig, context: SourceTaskContext): Promise<SourceTask> {
  return openPostgresTask(context)
}
