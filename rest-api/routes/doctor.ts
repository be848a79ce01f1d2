import { Type } from 'typebox'
import type { Finding } from '../../api/index.ts'
import { inTime } from '../../runtime/index.ts'
import type { Routes } from '../api.ts'
import { connectorParams } from '../schemas/parameters.ts'
import { Settings } from '../schemas/settings.ts'

const FindingBody = Type.Object({
  id: Type.String({ description: 'Kind of the finding, for scripts; config for an error in the settings' }),
  severity: Type.Enum(['error', 'warning', 'info']),
  message: Type.String({ description: 'What was found' }),
  remedy: Type.Union([Type.String(), Type.Null()], {
    description: 'What to do next; null if there is nothing to do',
  }),
})

const Diagnosis = Type.Object({
  name: Type.Union([Type.String(), Type.Null()], {
    description: 'Name of the connector, if the settings have one',
  }),
  worker_id: Type.String({
    description:
      'host:port of the worker that ran the diagnosis; other workers may see other files and networks',
  }),
  findings: Type.Array(FindingBody, {
    description: 'Empty if all is well. With errors in the settings, nothing else is checked.',
  }),
})

/** Diagnoses of connectors. Kafka Connect has no such routes. */
export const doctorRoutes: Routes = (api, { herder, mask }) => {
  const bodyOf = (name: string | null, findings: readonly Finding[]) => ({
    name,
    worker_id: herder.workerId,
    findings: findings.map(({ id, severity, message, remedy = null }) => ({ id, severity, message, remedy })),
  })

  api.put(
    '/headrace/doctor',
    {
      schema: {
        operationId: 'diagnoseSettings',
        summary: 'Check whether a connector with these settings would work; it need not exist',
        body: Settings,
        response: { 200: Diagnosis },
      },
    },
    async ({ body }) => {
      const name = body['name'] ?? null
      const props = await mask.restored(name ?? '', body)
      return bodyOf(name, await inTime(herder, herder.diagnose(props)))
    },
  )

  api.get(
    '/headrace/connectors/:connector/doctor',
    {
      schema: {
        operationId: 'diagnoseConnector',
        summary: 'Show why a connector does not work',
        params: connectorParams,
        response: { 200: Diagnosis },
      },
    },
    async ({ params: { connector } }) => {
      const props = await herder.config(connector)
      return bodyOf(connector, await inTime(herder, herder.diagnose(props)))
    },
  )
}
