import { Type } from 'typebox'
import { ConnectError } from '../../api/index.ts'
import type { Routes } from '../api.ts'
import { connectorParams } from '../schemas/parameters.ts'

const ActiveTopics = Type.Record(Type.String(), Type.Object({ topics: Type.Array(Type.String()) }), {
  description: 'Topics that the connector has used since the last reset, by name of the connector',
})

/** Source: KIP-558. */
export const topicRoutes: Routes = (api, { herder, config }) => {
  const refuseUnlessTracked = () => {
    if (!config['topic.tracking.enable']) {
      throw new ConnectError('HR_FORBIDDEN', 'Topic tracking is disabled.')
    }
  }

  api.get(
    '/connectors/:connector/topics',
    {
      schema: {
        summary: 'List the topics that a connector has used',
        operationId: 'getConnectorTopics',
        params: connectorParams,
        response: { 200: ActiveTopics },
      },
    },
    async ({ params: { connector } }) => {
      refuseUnlessTracked()
      return { [connector]: { topics: herder.topics(connector) } }
    },
  )

  api.put(
    '/connectors/:connector/topics/reset',
    {
      schema: {
        summary: 'Reset the list of topics that a connector has used',
        operationId: 'resetConnectorTopics',
        params: connectorParams,
        response: { 202: Type.Void() },
      },
    },
    async ({ params: { connector } }, reply) => {
      refuseUnlessTracked()
      if (!config['topic.tracking.allow.reset']) {
        throw new ConnectError('HR_FORBIDDEN', 'Topic tracking reset is disabled.')
      }
      herder.resetTopics(connector)
      return reply.code(202).send()
    },
  )
}
