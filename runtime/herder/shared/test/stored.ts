import type { Props, TaskProps } from '../../../../api/index.ts'
import { MemoryConfigStore, type ConfigListener } from '../../../stores/index.ts'

const ignore = () => {}
const deaf: ConfigListener = {
  connectorUpdated: ignore,
  connectorRemoved: ignore,
  tasksUpdated: ignore,
  targetStateChanged: ignore,
  sessionKeyUpdated: ignore,
  restartRequested: ignore,
  loggerLevelChanged: ignore,
}

/** A config store with one connector `c` and its tasks. */
export async function storedConnector(config: Props, tasks: readonly TaskProps[] = []) {
  const configs = new MemoryConfigStore()
  await configs.start(deaf)
  await configs.putConnector('c', config)
  await configs.putTasks('c', tasks)
  return configs
}
