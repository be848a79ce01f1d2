import { parseStandaloneConfig } from '../../config/index.ts'
import { standaloneHerder, type Herder } from '../herder/index.ts'
import { openClient, workerClientProps } from '../kafka/index.ts'
import { discoverPlugins, PluginCatalog } from '../plugins/index.ts'
import { FileOffsetStore, MemoryConfigStore, MemoryStatusStore } from '../stores/index.ts'
import { unlimitedLease } from '../timing/index.ts'
import { createWorkerRuntime } from '../worker/index.ts'
import { lookUpClusterId } from './cluster-id.ts'
import type { WorkerOptions } from './ports.ts'
import { requireConverters } from './worker-converters.ts'

/**
 * Creates the herder of a standalone worker without starting it.
 *
 * Throws `HR_CONFIG_INVALID`, and `HR_KAFKA_UNAVAILABLE` when Kafka is unreachable.
 */
export async function createStandaloneHerder(options: WorkerOptions): Promise<Herder> {
  const { props, address, loggers } = options
  const config = parseStandaloneConfig(props)
  const offsets = new FileOffsetStore(config['offset.storage.file.filename'])
  const catalog = new PluginCatalog(options.builtIns)
  const client = await openClient(
    workerClientProps(props, 'headrace-standalone'),
    loggers.logger('headrace.kafka'),
  )
  const [kafkaClusterId, packages] = await Promise.all([
    lookUpClusterId(client, options.signal),
    discoverPlugins(
      config['plugin.path'] ?? [],
      options.projectDir,
      loggers.logger('headrace.plugins'),
      options.signal,
    ),
  ])
  await client.close()
  const runtime = createWorkerRuntime({
    ...options,
    config,
    packages,
    catalog,
    offsets,
    lease: unlimitedLease(),
  })
  await requireConverters(props, catalog, runtime)
  return standaloneHerder(
    {
      kafkaClusterId,
      workerId: address.workerId,
      url: address.url,
      configs: new MemoryConfigStore(),
      statuses: new MemoryStatusStore(),
      offsets,
      catalog,
      runtime,
      logLevels: loggers.levels,
      trackTopics: config['topic.tracking.enable'],
      log: loggers.logger('headrace.herder'),
    },
    config['task.shutdown.graceful.timeout.ms'],
  )
}
