import { Type } from 'typebox'
import { inTime, reached, settled, settledAfterRestart, type TargetState } from '../../runtime/index.ts'
import { stateBody } from '../answers.ts'
import type { Routes } from '../api.ts'
import { ConnectorState } from '../schemas/connector.ts'
import { connectorParams, flagParam, isTrue } from '../schemas/parameters.ts'
import { holdBack, readWait, waitParam } from '../waiting.ts'

const Restart = Type.Object({
  includeTasks: flagParam('Whether to restart the tasks too'),
  onlyFailed: flagParam('Whether to restart only failed instances'),
  wait: waitParam,
})
const Wait = Type.Object({ wait: waitParam })

const transitions: readonly [verb: string, target: TargetState, status: number, summary: string][] = [
  ['pause', 'PAUSED', 202, 'Pause a connector; its tasks stay assigned'],
  ['resume', 'STARTED', 202, 'Resume a paused or stopped connector'],
  ['stop', 'STOPPED', 204, 'Stop a connector and shut down its tasks'],
]

export const lifecycleRoutes: Routes = (api, { herder, log }) => {
  for (const [verb, target, status, summary] of transitions) {
    api.put(
      `/connectors/:connector/${verb}`,
      {
        schema: {
          summary,
          operationId: `${verb}Connector`,
          params: connectorParams,
          querystring: Wait,
          response: { [status]: Type.Void() },
        },
      },
      async ({ params: { connector }, query }, reply) => {
        const wait = { waitMs: readWait(query.wait), since: Date.now() }
        await inTime(herder, herder.setTargetState(connector, target))
        log.info('target state changed', { connector, state: target })
        await holdBack(reply, herder, connector, reached(target), wait)
        return reply.code(status).send()
      },
    )
  }

  api.post(
    '/connectors/:connector/restart',
    {
      schema: {
        summary: 'Restart a connector, optionally with its tasks or only failed instances',
        operationId: 'restartConnector',
        params: connectorParams,
        querystring: Restart,
        response: { 202: ConnectorState, 204: Type.Void() },
      },
    },
    async ({ params: { connector }, query }, reply) => {
      const request = {
        connector,
        includeTasks: isTrue(query.includeTasks),
        onlyFailed: isTrue(query.onlyFailed),
      }
      const wait = { waitMs: readWait(query.wait), since: Date.now() }
      if (!request.includeTasks && !request.onlyFailed) {
        await inTime(herder, herder.restartConnector(connector))
        await holdBack(reply, herder, connector, settledAfterRestart, wait)
        return reply.code(204).send()
      }
      const plan = await inTime(herder, herder.restart(request))
      await holdBack(reply, herder, connector, request.onlyFailed ? settled : settledAfterRestart, wait)
      return reply.code(202).send(stateBody(plan))
    },
  )
}
