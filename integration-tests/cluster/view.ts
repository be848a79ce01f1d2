import type { Cluster } from '../../cli/client/cluster-text.ts'
import { waitFor, type RestClient } from '../services/index.ts'

export type { Cluster }

const PATIENCE_MS = 60_000

export async function readCluster(rest: RestClient): Promise<Cluster> {
  const { status, body } = await rest.get<Cluster>('/headrace/cluster')
  if (status !== 200) throw new Error(`GET /headrace/cluster returned ${status}: ${JSON.stringify(body)}`)
  return body
}

/** Waits until the cluster, as a Headrace worker sees it, has a property. */
export async function untilCluster(
  rest: RestClient,
  what: string,
  has: (cluster: Cluster) => boolean,
  timeoutMs = PATIENCE_MS,
): Promise<Cluster> {
  let last: unknown
  return waitFor(
    async () => {
      try {
        const cluster = await readCluster(rest)
        last = cluster
        return has(cluster) ? cluster : undefined
      } catch (error) {
        last = String(error)
        return undefined
      }
    },
    { timeoutMs, what: () => `${what}; the cluster is ${JSON.stringify(last, null, 2)}` },
  )
}

/** What a worker runs: `a`, `a-0` for task 0 of it, sorted. */
export function runsOn(cluster: Cluster, rest: RestClient): string[] {
  const runs = cluster.members.find(({ url }) => url.replace(/\/$/, '') === rest.url)?.runs ?? []
  return runs.map(({ connector, task }) => (task === null ? connector : `${connector}-${task}`)).toSorted()
}
