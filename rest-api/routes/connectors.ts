import { Type } from 'typebox'
import { ConnectError, isConnectError, type Props } from '../../api/index.ts'
import { parseValue } from '../../config/index.ts'
import {
  gone,
  inTime,
  settled,
  settledAfterRestart,
  type ConnectorInfo as ConnectorInfoValue,
  type Herder,
  type TargetState,
} from '../../runtime/index.ts'
import { infoBody, stateBody } from '../answers.ts'
import type { Routes } from '../api.ts'
import type { ConfigMask } from '../config-mask.ts'
import { MistakenRequest } from '../errors.ts'
import { noBody } from '../http/bodies.ts'
import { locationOf } from '../http/paths.ts'
import {
  ConnectorInfo,
  ConnectorNames,
  ConnectorState,
  CreateConnector,
  ExpandedConnectors,
} from '../schemas/connector.ts'
import { connectorParams, listParam, textParam } from '../schemas/parameters.ts'
import { Settings } from '../schemas/settings.ts'
import { holdBack, readWait, waitParam } from '../waiting.ts'

const Expand = Type.Object({
  expand: listParam('Details to include for each connector', ['status', 'info']),
})

const Wait = Type.Object({ wait: waitParam })
const Deletion = Type.Object({
  wait: waitParam,
  offsets: textParam(
    'reset stops the connector and resets its offsets first; a new connector with this name starts from the beginning',
  ),
})

const targetStates: Readonly<Record<string, TargetState>> = {
  RUNNING: 'STARTED',
  PAUSED: 'PAUSED',
  STOPPED: 'STOPPED',
}

export const connectorRoutes: Routes = (api, { herder, mask, log }) => {
  const shownInfo = async (info: ConnectorInfoValue) => infoBody(await mask.shownIn(info))

  api.get(
    '/connectors',
    {
      schema: {
        summary: 'List connectors, optionally with status and settings',
        operationId: 'listConnectors',
        querystring: Expand,
        response: { 200: Type.Union([ConnectorNames, ExpandedConnectors]) },
      },
    },
    async ({ query: { expand } }) => {
      if (expand === undefined) return herder.connectors()
      const known = [expand].flat().filter((part) => part === 'status' || part === 'info')
      const parts = await Promise.all(
        herder.connectors().map((name) => expanded(herder, mask, name, new Set(known))),
      )
      return Object.fromEntries(parts.filter((part) => part !== undefined))
    },
  )

  api.post(
    '/connectors',
    {
      schema: {
        summary: 'Create a connector',
        operationId: 'createConnector',
        querystring: Wait,
        body: CreateConnector,
        response: { 201: ConnectorInfo },
      },
    },
    async (request, reply) => {
      const { name, config, initial_state: state } = request.body
      // Parsed like any setting: Java's trim removes control characters, but not Unicode whitespace
      const trimmed = parseValue('name', 'string', name ?? '') as string
      const initialState = initialStateOf(state)
      const options = { mayReplace: false, ...(initialState === undefined ? {} : { initialState }) }
      const wait = { waitMs: readWait(request.query.wait), since: Date.now() }
      const { info } = await inTime(herder, herder.put(trimmed, settingsOf(config), options))
      log.info('connector created', { connector: trimmed })
      void reply.code(201).header('location', locationOf(request, trimmed))
      await holdBack(reply, herder, trimmed, settled, wait)
      return reply.send(await shownInfo(info))
    },
  )

  api.get(
    '/connectors/:connector',
    {
      schema: {
        summary: 'Get a connector',
        operationId: 'getConnector',
        params: connectorParams,
        response: { 200: ConnectorInfo },
      },
    },
    async ({ params: { connector } }) => shownInfo(await inTime(herder, herder.info(connector))),
  )

  api.delete(
    '/connectors/:connector',
    {
      schema: {
        summary: 'Delete a connector',
        operationId: 'deleteConnector',
        params: connectorParams,
        querystring: Deletion,
        response: { 204: Type.Void() },
      },
    },
    async ({ params: { connector }, query }, reply) => {
      const wait = { waitMs: readWait(query.wait), since: Date.now() }
      if (resetsOffsets(query.offsets)) await herder.deleteWithOffsets(connector)
      else await inTime(herder, herder.delete(connector))
      log.info('connector deleted', { connector })
      await holdBack(reply, herder, connector, gone, wait)
      return reply.code(204).send()
    },
  )

  api.get(
    '/connectors/:connector/config',
    {
      schema: {
        summary: 'Get the settings of a connector',
        operationId: 'getConnectorConfig',
        params: connectorParams,
        response: { 200: Settings },
      },
    },
    async ({ params: { connector } }) => mask.shown(await inTime(herder, herder.config(connector))),
  )

  api.put(
    '/connectors/:connector/config',
    {
      schema: {
        summary: 'Create a connector or replace its settings',
        operationId: 'putConnectorConfig',
        params: connectorParams,
        querystring: Wait,
        body: Settings,
        response: { 200: ConnectorInfo, 201: ConnectorInfo },
      },
    },
    async (request, reply) => {
      const { connector } = request.params
      const wait = { waitMs: readWait(request.query.wait), since: Date.now() }
      const settings = await mask.restored(connector, request.body)
      const { created, info } = await inTime(herder, herder.put(connector, settings, { mayReplace: true }))
      if (created) void reply.code(201).header('location', locationOf(request, connector))
      await holdBack(reply, herder, connector, created ? settled : settledAfterRestart, wait)
      return reply.send(await shownInfo(info))
    },
  )

  api.patch(
    '/connectors/:connector/config',
    {
      schema: {
        summary: 'Change individual settings of a connector; null removes a setting',
        operationId: 'patchConnectorConfig',
        params: connectorParams,
        body: Type.Union([Settings, Type.Null()]),
        response: { 200: ConnectorInfo },
      },
      config: { looksFirst: true },
    },
    async ({ params: { connector }, body }) => {
      if (body === null) {
        await inTime(herder, herder.config(connector))
        throw noBody()
      }
      const changes = await mask.restored(connector, body)
      return shownInfo(await inTime(herder, herder.patch(connector, changes)))
    },
  )

  api.get(
    '/connectors/:connector/status',
    {
      schema: {
        summary: 'Get the states of a connector and its tasks',
        operationId: 'getConnectorStatus',
        params: connectorParams,
        response: { 200: ConnectorState },
      },
    },
    ({ params: { connector } }) => stateBody(herder.status(connector)),
  )
}

async function expanded(herder: Herder, mask: ConfigMask, name: string, parts: ReadonlySet<string>) {
  try {
    const status = parts.has('status') ? { status: stateBody(herder.status(name)) } : {}
    const info = parts.has('info') ? { info: infoBody(await mask.shownIn(await herder.info(name))) } : {}
    return [name, { ...status, ...info }] as const
  } catch (error) {
    if (isConnectError(error) && error.code === 'HR_NOT_FOUND') return undefined // just deleted, or without status yet
    throw error
  }
}

function resetsOffsets(given: string | readonly string[] | undefined): boolean {
  const value = [given].flat()[0]
  if (value === undefined || value === 'reset') return value === 'reset'
  throw new ConnectError('HR_BAD_REQUEST', `offsets is '${value.slice(0, 100)}'; expected reset`)
}

function settingsOf(config: Props | null | undefined): Props {
  if (config === null || config === undefined) {
    throw new MistakenRequest('The request has no "config"; expected an object with settings')
  }
  return config
}

function initialStateOf(text: string | null | undefined): TargetState | undefined {
  if (text === null || text === undefined) return undefined
  const state = targetStates[text.toUpperCase()]
  if (state !== undefined) return state
  const message = `Cannot construct instance of initial_state: found "${text}", expected RUNNING, PAUSED or STOPPED`
  throw new MistakenRequest(message)
}
