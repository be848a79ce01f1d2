import { exactlyOnceMode, parseDistributedConfig } from '../../config/index.ts'
import { distributedHerder, type Herder } from '../herder/index.ts'
import { openClient, openTransactionalProducer, Outages, workerClientProps } from '../kafka/index.ts'
import { discoverPlugins, PluginCatalog } from '../plugins/index.ts'
import {
  sameForAll,
  storageTopic,
  TopicConfigStore,
  TopicOffsetStore,
  TopicStatusStore,
} from '../stores/index.ts'
import { Lease } from '../timing/index.ts'
import { createWorkerRuntime } from '../worker/index.ts'
import { lookUpClusterId } from './cluster-id.ts'
import type { WorkerOptions } from './ports.ts'
import { requireConverters } from './worker-converters.ts'

/**
 * Creates the herder of a distributed worker without starting it.
 *
 * Throws `HR_CONFIG_INVALID`, and `HR_KAFKA_UNAVAILABLE` when Kafka is unreachable.
 */
export async function createDistributedHerder(options: WorkerOptions): Promise<Herder> {
  const { props, address, loggers } = options
  const config = parseDistributedConfig(props)
  const log = loggers.logger('headrace.herder')
  const storeLog = loggers.logger('headrace.stores')
  const clientLog = loggers.logger('headrace.kafka')
  const clientId = config['client.id']
  const base = clientId === '' ? `${config['group.id']}-` : `${config['group.id']}-${clientId}-`
  const clientProps = (id: string) => workerClientProps(props, id)
  const topic = (store: 'config' | 'offset' | 'status') => storageTopic(store, config, props, storeLog)
  const memberId = clientId === '' ? `connect-${address.workerId}` : clientId
  const outages = new Outages(clientLog)
  const client = await openClient(clientProps(memberId), clientLog, outages)
  const clients = (store: string) => sameForAll(clientProps(`${base}${store}`), outages)
  const lease = new Lease()
  const offsets = new TopicOffsetStore(
    topic('offset'),
    { ...clients('offsets'), right: { lease, afterwards: 'fail' } },
    storeLog,
  )
  const openLeader =
    exactlyOnceMode(props) === 'disabled'
      ? undefined
      : () =>
          openTransactionalProducer(
            clientProps(`${base}configs-leader`),
            `connect-cluster-${config['group.id']}`,
            storeLog,
            outages,
          )
  const catalog = new PluginCatalog(options.builtIns)
  const [kafkaClusterId, packages] = await Promise.all([
    lookUpClusterId(client, options.signal),
    discoverPlugins(
      config['plugin.path'] ?? [],
      options.projectDir,
      loggers.logger('headrace.plugins'),
      options.signal,
    ),
  ])
  const runtime = createWorkerRuntime({ ...options, config, packages, catalog, offsets, lease })
  await requireConverters(props, catalog, runtime).catch(async (error: unknown) => {
    await client.close()
    throw error
  })
  return distributedHerder({
    config,
    kafkaClusterId,
    workerId: address.workerId,
    url: address.url,
    client,
    outages,
    configs: new TopicConfigStore(topic('config'), clients('configs'), storeLog, openLeader),
    statuses: new TopicStatusStore(topic('status'), clients('statuses'), storeLog),
    offsets,
    catalog,
    runtime,
    lease,
    peers: options.peers,
    trackTopics: config['topic.tracking.enable'],
    logLevels: loggers.levels,
    log,
  })
}
