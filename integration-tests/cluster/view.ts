import type { ClusterView } from '../../runtime/index.ts'
import { waitFor, type RestClient } from '../services/index.ts'

const PATIENCE_MS = 60_000

type Item = ClusterView['members'][number]['runs'][number]

/** The part of the response to `GET /headrace/cluster` that tests use. */
export interface Cluster {
  readonly state: string
  readonly protocol: string | null
  readonly leader: string | null
  readonly members: readonly {
    readonly url: string
    readonly kind: string | null
    readonly version: string | null
    readonly tags: readonly string[]
    readonly leads: boolean
    readonly runs: readonly Item[]
    readonly config_lag: number | null
    readonly last_contact: number | null
  }[]
  readonly unassigned: readonly (Item & { readonly reason: string; readonly until: number | null })[]
  readonly misplaced: readonly (Item & { readonly reason: string; readonly url: string })[]
  readonly notes: readonly string[]
}

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
