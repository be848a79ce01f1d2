import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startOnFreePorts, untilLogged, workFolder, type Child } from '../processes/index.ts'
import { ARCHIVE_MS, archivedClasses, quickStart } from './class-archive.ts'
import { START_TIMEOUT_MS, STARTED, type Broker, type KafkaCluster, type KafkaOptions } from './cluster.ts'
import { javaKit, runJava, startJava } from './java-kit.ts'
import {
  bootstrapServers,
  formatArguments,
  planCluster,
  serverProperties,
  type BrokerPlan,
  type ClusterPlan,
} from './plan.ts'
import type { LoginMechanism } from './security.ts'

const HOST = '127.0.0.1'
const brokerJvm = [
  ...quickStart,
  '-Xms256m',
  '-Xmx512m',
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
  '-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info',
]

/** Starts a cluster with the Java installation of this machine. */
export async function startLocally(options: KafkaOptions): Promise<KafkaCluster> {
  await javaKit(options.report)
  options.report?.('starting Kafka')
  const jvm = [await archive()]
  return startOnFreePorts(async () => {
    const plan = await planCluster(options, HOST, () => HOST)
    const brokers = await Promise.all(plan.brokers.map((broker) => prepareBroker(plan, broker, jvm)))
    const stop = async () => void (await Promise.all(brokers.map((broker) => broker.stop())))
    return {
      bootstrapServers: bootstrapServers(plan),
      brokers,
      clientProps: (mechanism: LoginMechanism = 'PLAIN') => plan.security?.clientProps(mechanism) ?? {},
      start: () => allDone(brokers.map((broker) => broker.start())),
      stop,
      kill: stop,
    }
  })
}

const archive = () =>
  archivedClasses('broker', async (jvm) => {
    const plan = await planCluster({}, HOST, () => HOST)
    for (const each of plan.brokers) {
      const broker = await prepareBroker(plan, each, jvm, ARCHIVE_MS)
      await broker.start()
      await broker.stop()
    }
  })

async function prepareBroker(
  plan: ClusterPlan,
  broker: BrokerPlan,
  moreJvm: readonly string[],
  stopPatienceMs?: number,
): Promise<Broker> {
  const folder = workFolder(`broker-${broker.id}`)
  const propertyFile = join(folder, 'server.properties')
  const places = { bind: HOST, dataFolder: join(folder, 'data'), keyStore: join(folder, 'keystore.pem') }
  await mkdir(places.dataFolder)
  await writeFile(places.keyStore, plan.security?.keyStore ?? '')
  await writeFile(propertyFile, serverProperties(plan, broker, places))
  await runJava({
    mainClass: 'kafka.tools.StorageTool',
    args: formatArguments(plan, propertyFile),
    jvm: [...quickStart, ...moreJvm, '-Xmx128m'],
    logFile: join(folder, 'format.log'),
  })

  let runs = 0
  let child: Child | undefined
  return {
    id: broker.id,
    address: `${HOST}:${broker.ports.client}`,
    async start() {
      const logFile = join(folder, `broker-${++runs}.log`)
      child = await startJava({
        mainClass: 'kafka.Kafka',
        args: [propertyFile],
        jvm: [...brokerJvm, ...moreJvm],
        logFile,
      })
      await untilLogged(child, STARTED, START_TIMEOUT_MS, `Kafka broker ${broker.id}`)
    },
    stop: async () => void (await child?.stop(stopPatienceMs)),
    kill: async () => void (await child?.kill()),
    freeze: async () => child?.signal('SIGSTOP'),
    thaw: async () => child?.signal('SIGCONT'),
  }
}

/** Waits for all promises even if one rejects, so that everything that has started can be stopped. */
async function allDone(work: readonly Promise<void>[]): Promise<void> {
  await Promise.allSettled(work)
  await Promise.all(work)
}
