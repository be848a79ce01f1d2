import { fileURLToPath } from 'node:url'
import { headraceVersion, version, type Logger } from '../../api/index.ts'
import { parseDistributedConfig, parseStandaloneConfig, type LoadedProperties } from '../../config/index.ts'
import { createPeers, createRestApi, parseListener, RestListeners } from '../../rest-api/index.ts'
import {
  createDistributedHerder,
  createStandaloneHerder,
  LoggerFactory,
  LogLevels,
  openLogWriter,
  parseLogLevel,
  peerTls,
  serverTls,
  type DistributedHerder,
  type StandaloneHerder,
  type WorkerOptions,
} from '../../runtime/index.ts'
import { builtIns } from './built-ins.ts'
import type { WorkerMode } from './settings.ts'

/** A worker that runs. */
export interface RunningWorker {
  readonly herder: DistributedHerder | StandaloneHerder
  /** Where its REST API is. */
  readonly url: string
  readonly log: Logger
  /** Rejects when the worker cannot go on; resolves when it was stopped. */
  ended(): Promise<void>
  /** Stops softly. */
  stop(): Promise<void>
}

const entry = fileURLToPath(new URL('../task-process.js', import.meta.url))

/** Starts a worker with settings that have been checked. Throws a ConnectError when it cannot start. */
export async function startWorker(
  mode: WorkerMode,
  { props, warnings }: LoadedProperties,
): Promise<RunningWorker> {
  const startedAt = performance.now()
  const config = mode === 'distributed' ? parseDistributedConfig(props) : parseStandaloneConfig(props)
  const logSink = openLogWriter(config['log.format'] as 'auto' | 'json' | 'pretty')
  const loggers = new LoggerFactory(new LogLevels(parseLogLevel(config['log.level']) ?? 'INFO'), logSink)
  const log = loggers.logger('headrace.worker')
  log.info(`starting a ${mode} worker`, {
    version: headraceVersion,
    compatibleWith: version.split('-')[0],
    node: process.version,
    pid: process.pid,
  })
  for (const warning of warnings) log.warn(warning)
  const listeners = new RestListeners({
    listeners: config.listeners.map((text) => parseListener('listeners', text)),
    adminListeners: (config['admin.listeners'] ?? []).map((text) => parseListener('admin.listeners', text)),
    tls: (admin) => serverTls(props, admin ? 'admin.listeners.https.' : 'listeners.https.'),
  })
  const peers = createPeers(() => peerTls(props))
  await listeners.listen()
  try {
    const address = listeners.advertised(config)
    const options: WorkerOptions = {
      props,
      entry,
      builtIns,
      projectDir: process.cwd(),
      address,
      peers,
      loggers,
      logSink,
    }
    const herder =
      mode === 'distributed' ? await createDistributedHerder(options) : await createStandaloneHerder(options)
    const api = await createRestApi({ herder, config, peers, log: loggers.logger('headrace.rest') })
    await herder.start()
    listeners.serve(api)
    const ms = Math.round(performance.now() - startedAt)
    log.info(`${mode} worker is up`, {
      url: address.url,
      kafkaClusterId: herder.kafkaClusterId,
      ...('group.id' in config ? { group: config['group.id'] } : {}),
      builtInPlugins: builtIns.length,
      ms,
    })
    return {
      herder,
      url: address.url,
      log,
      ended: () => herder.ended(),
      stop: async () => {
        log.info('the worker is stopping')
        const stoppingSince = performance.now()
        await listeners.close()
        await herder.stop()
        log.info('the worker has stopped', { ms: Math.round(performance.now() - stoppingSince) })
      },
    }
  } catch (error) {
    await listeners.close()
    throw error
  }
}
