import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { headraceVersion, version, type Logger } from '../../api/index.ts'
import {
  parseDistributedConfig,
  parseStandaloneConfig,
  type LoadedProperties,
  type WorkerConfig,
} from '../../config/index.ts'
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
  type Herder,
} from '../../runtime/index.ts'
import { builtIns } from './built-ins.ts'
import { OpenedParts, unlessAborted } from './opened-parts.ts'
import type { WorkerMode } from './settings.ts'

/** A running worker. */
export interface RunningWorker {
  readonly herder: Herder
  /** Base URL of its REST API. */
  readonly url: string
  readonly log: Logger
  /** Resolves when the worker has stopped; rejects on a fatal error. */
  ended(): Promise<void>
  /** Stops the worker gracefully. */
  stop(): Promise<void>
}

/** Time for requests in progress to end before the herder stops, which refuses them. */
const REQUESTS_MS = 500

const entry = fileURLToPath(new URL('../task-process.js', import.meta.url))

export interface StartOptions {
  /** Cancels the start. */
  readonly signal?: AbortSignal
}

/**
 * Starts a worker with validated settings.
 *
 * Throws a ConnectError when it cannot start, or the reason of `signal`; closes everything that it has opened.
 */
export async function startWorker(
  mode: WorkerMode,
  settings: LoadedProperties,
  { signal = new AbortController().signal }: StartOptions = {},
): Promise<RunningWorker> {
  const { props, warnings } = settings
  const config = mode === 'distributed' ? parseDistributedConfig(props) : parseStandaloneConfig(props)
  const logging = await openLog(mode, config, warnings)
  const opened = new OpenedParts()
  try {
    return await unlessAborted(signal, start({ mode, props, config, logging, opened, signal }))
  } catch (error) {
    await opened.close()
    if (signal.aborted) logging.log.info('the worker was stopped while it was starting')
    throw error
  }
}

/** The parameters of a worker. */
interface Start {
  readonly mode: WorkerMode
  readonly props: LoadedProperties['props']
  readonly config: WorkerConfig
  readonly logging: Awaited<ReturnType<typeof openLog>>
  readonly opened: OpenedParts
  readonly signal: AbortSignal
}

async function start({ mode, props, config, logging, opened, signal }: Start): Promise<RunningWorker> {
  const startedAt = performance.now()
  const { loggers, logSink, log } = logging
  let starting: Herder | undefined
  const listeners = restListeners(props, config, () => starting?.stage ?? '')
  opened.add(() => listeners.close())
  await listeners.listen()
  signal.throwIfAborted()
  const peers = createPeers(() => peerTls(props))
  const address = listeners.advertised(config)
  const projectDir = process.cwd()
  const options = { props, entry, builtIns, projectDir, address, peers, loggers, logSink, signal }
  const create = mode === 'distributed' ? createDistributedHerder : createStandaloneHerder
  const herder = (starting = await create(options))
  opened.add(() => herder.stop())
  signal.throwIfAborted()
  const api = await createRestApi({ herder, config, peers, log: loggers.logger('headrace.rest') })
  await herder.start()
  signal.throwIfAborted()
  listeners.serve(api)
  log.info(`${mode} worker is up`, {
    url: address.url,
    kafkaClusterId: herder.kafkaClusterId,
    ...('group.id' in config ? { group: config['group.id'] } : {}),
    builtInPlugins: builtIns.length,
    ms: Math.round(performance.now() - startedAt),
  })
  const stop = () => stopWorker(herder, listeners, log)
  return { herder, url: address.url, log, ended: () => herder.ended(), stop }
}

async function openLog(mode: WorkerMode, config: WorkerConfig, warnings: readonly string[]) {
  const logSink = await openLogWriter(config['log.format'] as 'auto' | 'json' | 'pretty')
  const loggers = new LoggerFactory(new LogLevels(parseLogLevel(config['log.level']) ?? 'INFO'), logSink)
  const log = loggers.logger('headrace.worker')
  log.info(`starting a ${mode} worker`, {
    version: headraceVersion,
    compatibleWith: version.split('-')[0],
    node: process.version,
    pid: process.pid,
  })
  for (const warning of warnings) log.warn(warning)
  return { loggers, logSink, log }
}

function restListeners(
  props: LoadedProperties['props'],
  config: WorkerConfig,
  stage: () => string,
): RestListeners {
  return new RestListeners({
    listeners: config.listeners.map((text) => parseListener('listeners', text)),
    adminListeners: (config['admin.listeners'] ?? []).map((text) => parseListener('admin.listeners', text)),
    tls: (admin) => serverTls(props, admin ? 'admin.listeners.https.' : 'listeners.https.'),
    stage,
  })
}

async function stopWorker(herder: Herder, listeners: RestListeners, log: Logger): Promise<void> {
  log.info('the worker is stopping')
  const stoppingSince = performance.now()
  const closed = listeners.close()
  await Promise.race([closed, sleep(REQUESTS_MS, undefined, { ref: false })])
  await Promise.all([closed, herder.stop()])
  log.info('the worker has stopped', { ms: Math.round(performance.now() - stoppingSince) })
}
