import { ConnectError } from '../../api/index.ts'
import { printJson } from '../../java/index.ts'
import { inTime, type ConnectorOffset } from '../../runtime/index.ts'
import type { Routes } from '../api.ts'
import { ConnectorOffsets, Message } from '../schemas/offset.ts'
import { connectorParams } from '../schemas/parameters.ts'

/** Source: KIP-875. */
export const offsetRoutes: Routes = (api, { herder, log }) => {
  api.get(
    '/connectors/:connector/offsets',
    {
      schema: {
        summary: 'Get the offsets of a connector',
        operationId: 'getConnectorOffsets',
        params: connectorParams,
        response: { 200: ConnectorOffsets },
      },
    },
    async ({ params: { connector } }, reply) => {
      const offsets = await inTime(herder, herder.offsets(connector))
      // JSON.stringify would lose digits of large offsets
      return reply.type('application/json').send(printJson({ offsets }) as never)
    },
  )

  api.patch(
    '/connectors/:connector/offsets',
    {
      config: { body: 'values' },
      schema: {
        summary: 'Alter offsets of a stopped connector',
        operationId: 'alterConnectorOffsets',
        params: connectorParams,
        body: ConnectorOffsets,
        response: { 200: Message },
      },
    },
    async ({ params: { connector }, body }) => {
      const offsets = entriesOf(body.offsets)
      const complete = await inTime(herder, herder.changeOffsets(connector, offsets))
      log.info('offsets altered', { connector, partitions: offsets.length })
      return { message: changedText('altered', complete) }
    },
  )

  api.delete(
    '/connectors/:connector/offsets',
    {
      schema: {
        summary: 'Reset all offsets of a stopped connector',
        operationId: 'resetConnectorOffsets',
        params: connectorParams,
        response: { 200: Message },
      },
    },
    async ({ params: { connector } }) => {
      const complete = await inTime(herder, herder.changeOffsets(connector, null))
      log.info('offsets reset', { connector })
      return { message: changedText('reset', complete) }
    },
  )
}

type Given = { readonly partition?: unknown; readonly offset?: unknown }

function entriesOf(given: readonly Given[] | null | undefined): ConnectorOffset[] {
  if (given === null || given === undefined || given.length === 0) {
    const message = 'Partitions / offsets need to be provided for an alter offsets request'
    throw new ConnectError('HR_BAD_REQUEST', message)
  }
  return given.map(({ partition, offset }) => ({
    partition: (partition ?? null) as ConnectorOffset['partition'],
    offset: (offset ?? null) as ConnectorOffset['offset'],
  }))
}

/** Source: Worker.completeModifyOffsetsCallback. */
function changedText(verb: 'altered' | 'reset', complete: boolean): string {
  if (complete) return `The offsets for this connector have been ${verb} successfully`
  return (
    `The Connect framework-managed offsets for this connector have been ${verb} successfully. However, if this ` +
    `connector manages offsets externally, they will need to be manually ${verb} in the system that the connector uses.`
  )
}
