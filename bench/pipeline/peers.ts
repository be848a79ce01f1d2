import {
  distributedProps,
  launchWorker,
  startJavaWorker,
  type RestClient,
} from '../../integration-tests/services/index.ts'

/** A running worker of either kind. */
export interface RunningPeer {
  readonly pid: number
  readonly rest: RestClient
  stop(): Promise<unknown>
  /** Ends it like `kill -9`. */
  kill(): Promise<unknown>
}

/** A kind of worker to measure. */
export interface Peer {
  readonly name: 'Java 4.3.1' | 'Headrace'
  /** `changes` override the common settings. */
  start(bootstrapServers: string, changes?: Readonly<Record<string, string>>): Promise<RunningPeer>
}

/** The heap that the scripts of Kafka set. */
const javaHeap = ['-Xms256m', '-Xmx1g']

/** Both workers have the same settings, but separate topics and groups. */
export const peers: readonly Peer[] = [
  {
    name: 'Java 4.3.1',
    start: (servers, changes) =>
      startJavaWorker({ props: { ...distributedProps(servers), ...changes }, jvm: javaHeap }),
  },
  {
    name: 'Headrace',
    start: (servers, changes) => launchWorker({ props: { ...distributedProps(servers), ...changes } }),
  },
]
