import { testcontainers } from '../docker-engine.ts'
import { STARTED, START_TIMEOUT_MS, type Broker, type KafkaCluster, type KafkaOptions } from './cluster.ts'
import {
  bootstrapServers,
  formatArguments,
  planCluster,
  serverProperties,
  type BrokerPlan,
  type ClusterPlan,
} from './plan.ts'

const IMAGE = 'apache/kafka:4.3.1'
const FOLDER = '/tmp/headrace'
const STOP_TIMEOUT_S = 30

/** Starts a cluster with one container per broker. The containers are removed when this process exits for any reason. */
export async function startInDocker(options: KafkaOptions): Promise<KafkaCluster> {
  const { getContainerRuntimeClient, Network } = await testcontainers()
  const { host } = (await getContainerRuntimeClient()).info.containerRuntime
  const clientHost = host === 'localhost' ? '127.0.0.1' : host
  const plan = await planCluster(options, clientHost, (id) => `broker-${id}`)
  const network = await new Network().start()
  const brokers = await Promise.all(plan.brokers.map((broker) => runBroker(plan, broker, network)))
  return {
    bootstrapServers: bootstrapServers(plan),
    brokers,
    clientProps: (mechanism = 'PLAIN') => plan.security?.clientProps(mechanism) ?? {},
    async stop() {
      await Promise.all(brokers.map((broker) => broker.remove()))
      await network.stop()
    },
  }
}

type DockerNetwork = Awaited<
  ReturnType<InstanceType<Awaited<ReturnType<typeof testcontainers>>['Network']>['start']>
>

async function runBroker(
  plan: ClusterPlan,
  broker: BrokerPlan,
  network: DockerNetwork,
): Promise<Broker & { remove(): Promise<void> }> {
  const { GenericContainer, getContainerRuntimeClient, Wait } = await testcontainers()
  const propertyFile = `${FOLDER}/server.properties`
  const keyStore = `${FOLDER}/keystore.pem`
  const places = { bind: '0.0.0.0', dataFolder: `${FOLDER}-data`, keyStore }
  const format = formatArguments(plan, propertyFile)
    .map((argument) => `'${argument}'`)
    .join(' ')
  const { client } = broker.ports
  const container = await new GenericContainer(IMAGE)
    .withNetwork(network)
    .withNetworkAliases(broker.host)
    .withExposedPorts({ container: client, host: client })
    .withCopyContentToContainer([
      { target: propertyFile, content: serverProperties(plan, broker, places) },
      { target: keyStore, content: plan.security?.keyStore ?? '' },
    ])
    .withEntrypoint(['sh', '-c'])
    .withCommand([
      `/opt/kafka/bin/kafka-storage.sh ${format} && exec /opt/kafka/bin/kafka-server-start.sh ${propertyFile}`,
    ])
    .withWaitStrategy(Wait.forLogMessage(STARTED))
    .withStartupTimeout(START_TIMEOUT_MS)
    .start()
  const handle = (await getContainerRuntimeClient()).container.getById(container.getId())
  return {
    id: broker.id,
    address: `${plan.clientHost}:${client}`,
    stop: async () => void (await handle.stop({ t: STOP_TIMEOUT_S })),
    kill: async () => void (await handle.kill()),
    freeze: async () => void (await handle.pause()),
    thaw: async () => void (await handle.unpause()),
    start: () => container.restart(),
    remove: async () => void (await container.stop()),
  }
}
