import {
  distributedProps,
  launchWorker,
  startJavaWorker,
  type RestClient,
} from '../../integration-tests/services/index.ts'

/** A worker that runs, of either kind. */
export interface RunningPeer {
  readonly pid: number
  readonly rest: RestClient
  stop(): Promise<unknown>
}

/** A kind of worker to measure. */
export interface Peer {
  readonly name: 'Java 4.3.1' | 'Headrace'
  /** `changes` go over the settings that both have. */
  start(bootstrapServers: string, changes?: Readonly<Record<string, string>>): Promise<RunningPeer>
}

/** The same settings for both; each worker has topics and a group of its own. */
export const peers: readonly Peer[] = [
  {
    name: 'Java 4.3.1',
    start: (servers, changes) => startJavaWorker({ props: { ...distributedProps(servers), ...changes } }),
  },
  {
    name: 'Headrace',
    start: (servers, changes) => launchWorker({ props: { ...distributedProps(servers), ...changes } }),
  },
]
