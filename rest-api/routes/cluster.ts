import { Type } from 'typebox'
import { ConnectError } from '../../api/index.ts'
import type { ClusterQueries, ClusterView, Herder, OwnFacts } from '../../runtime/index.ts'
import type { Routes } from '../api.ts'
import { Cluster, OwnState } from '../schemas/cluster.ts'
import { textParam } from '../schemas/parameters.ts'

const Scope = Type.Object({
  scope: textParam('`worker` returns what this worker knows about itself, without asking others'),
})

/** The state of the cluster. Kafka Connect has no such route. */
export const clusterRoutes: Routes = (api, { herder }) => {
  api.get(
    '/headrace/cluster',
    {
      schema: {
        summary: 'Get the workers of the cluster, what each runs, and what is not assigned, with the reason',
        operationId: 'getCluster',
        querystring: Scope,
        response: { 200: Type.Union([Cluster, OwnState]) },
      },
    },
    async ({ query, headers: { authorization } }) => {
      const cluster = clusterOf(herder)
      if ([query.scope].flat()[0] === 'worker') return ownBody(cluster.self())
      return clusterBody(await cluster.view(authorization === undefined ? {} : { authorization }))
    },
  )
}

function clusterOf({ cluster }: Herder): ClusterQueries {
  if (cluster !== undefined) return cluster
  throw new ConnectError('HR_BAD_REQUEST', 'This worker is standalone: it is not part of a cluster')
}

function ownBody({ configOffset, lastContact, sessionEnds, ...facts }: OwnFacts) {
  return { ...facts, config_offset: configOffset, last_contact: lastContact, session_ends: sessionEnds }
}

function clusterBody({ seenBy, configEnd, members, ...view }: ClusterView) {
  return {
    ...view,
    seen_by: seenBy,
    config_end: configEnd,
    members: members.map(({ configOffset, configLag, lastContact, sessionEnds, ...member }) => ({
      ...member,
      config_offset: configOffset,
      config_lag: configLag,
      last_contact: lastContact,
      session_ends: sessionEnds,
    })),
  }
}
