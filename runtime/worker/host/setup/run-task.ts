import type { Connector } from '../../../../api/index.ts'
import { parseConfig } from '../../../../config/index.ts'
import type { HostEnvironment } from '../environment.ts'
import { errorPlan } from './error-setup.ts'
import { withRecordPlugins, type TaskParts } from './record-plugins.ts'
import { runSink } from './sink-setup.ts'
import { runSource } from './source-setup.ts'
import type { TaskSetup } from './task-setup.ts'

/**
 * Creates the plugins of a task, runs it, and closes them.
 *
 * Throws `HR_CONFIG_INVALID`, and the error that ends the task.
 */
export async function runTask(
  plugin: Connector,
  setup: TaskSetup,
  environment: HostEnvironment,
): Promise<void> {
  const { id, connectorProps, taskProps, control } = setup
  const config = parseConfig(plugin.config, taskProps)
  const plan = errorPlan(connectorProps)
  const owner = { ...setup, fields: { ...id }, stop: control.stop.hard }
  await withRecordPlugins(environment, owner, (plugins) => {
    const parts: TaskParts = { ...plugins, config, plan }
    return plugin.kind === 'source'
      ? runSource(plugin, parts, setup, environment)
      : runSink(plugin, parts, setup, environment)
  })
}
