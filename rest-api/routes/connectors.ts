import { Type } from 'typebox'
import { ConnectError, isConnectError, type Props } from '../../api/index.ts'
import type { Herder, TargetState } from '../../runtime/index.ts'
import { inTime, infoBody, stateBody } from '../answers.ts'
import type { Routes } from '../api.ts'
import { locationOf } from '../http/paths.ts'
import {
  ConnectorInfo,
  ConnectorNames,
  ConnectorState,
  CreateConnector,
  ExpandedConnectors,
} from '../schemas/connector.ts'
import { connectorParams, listParam } from '../schemas/parameters.ts'
import { Settings } from '../schemas/settings.ts'

const Expand = Type.Object({
  expand: listParam('What to tell of each connector besides its name', ['status', 'info']),
})

const targetStates: Readonly<Record<string, TargetState>> = {
  RUNNING: 'STARTED',
  PAUSED: 'PAUSED',
  STOPPED: 'STOPPED',
}

export const connectorRoutes: Routes = (api, { herder, log }) => {
  api.get(
    '/connectors',
    {
      schema: {
        summary: 'Names of all connectors, with states or settings when asked for',
        operationId: 'listConnectors',
        querystring: Expand,
        response: { 200: Type.Union([ConnectorNames, ExpandedConnectors]) },
      },
    },
    async ({ query: { expand } }) => {
      if (expand === undefined) return herder.connectors()
      const known = [expand].flat().filter((part) => part === 'status' || part === 'info')
      const parts = await Promise.all(
        herder.connectors().map((name) => expanded(herder, name, new Set(known))),
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
        body: CreateConnector,
        response: { 201: ConnectorInfo },
      },
    },
    async (request, reply) => {
      const { name, config, initial_state: state } = request.body
      const trimmed = (name ?? '').trim()
      const initialState = initialStateOf(state)
      const options = { mayReplace: false, ...(initialState === undefined ? {} : { initialState }) }
      const { info } = await inTime(herder, herder.put(trimmed, settingsOf(config), options))
      log.info('a connector was created', { connector: trimmed })
      return reply.code(201).header('location', locationOf(request, trimmed)).send(infoBody(info))
    },
  )

  api.get(
    '/connectors/:connector',
    {
      schema: {
        summary: 'A connector',
        operationId: 'getConnector',
        params: connectorParams,
        response: { 200: ConnectorInfo },
      },
    },
    async ({ params: { connector } }) => infoBody(await inTime(herder, herder.info(connector))),
  )

  api.delete(
    '/connectors/:connector',
    {
      schema: {
        summary: 'Delete a connector',
        operationId: 'deleteConnector',
        params: connectorParams,
        response: { 204: Type.Void() },
      },
    },
    async ({ params: { connector } }, reply) => {
      await inTime(herder, herder.delete(connector))
      log.info('a connector was deleted', { connector })
      return reply.code(204).send()
    },
  )

  api.get(
    '/connectors/:connector/config',
    {
      schema: {
        summary: 'Settings of a connector',
        operationId: 'getConnectorConfig',
        params: connectorParams,
        response: { 200: Settings },
      },
    },
    async ({ params: { connector } }) => inTime(herder, herder.config(connector)),
  )

  api.put(
    '/connectors/:connector/config',
    {
      schema: {
        summary: 'Create a connector, or replace its settings',
        operationId: 'putConnectorConfig',
        params: connectorParams,
        body: Settings,
        response: { 200: ConnectorInfo, 201: ConnectorInfo },
      },
    },
    async (request, reply) => {
      const { connector } = request.params
      const { created, info } = await inTime(
        herder,
        herder.put(connector, request.body, { mayReplace: true }),
      )
      if (created) void reply.code(201).header('location', locationOf(request, connector))
      return reply.send(infoBody(info))
    },
  )

  api.patch(
    '/connectors/:connector/config',
    {
      schema: {
        summary: 'Change single settings of a connector; null takes one away',
        operationId: 'patchConnectorConfig',
        params: connectorParams,
        body: Settings,
        response: { 200: ConnectorInfo },
      },
    },
    async ({ params: { connector }, body }) => infoBody(await inTime(herder, herder.patch(connector, body))),
  )

  api.get(
    '/connectors/:connector/status',
    {
      schema: {
        summary: 'States of a connector and its tasks',
        operationId: 'getConnectorStatus',
        params: connectorParams,
        response: { 200: ConnectorState },
      },
    },
    ({ params: { connector } }) => stateBody(herder.status(connector)),
  )
}

async function expanded(herder: Herder, name: string, parts: ReadonlySet<string>) {
  try {
    const status = parts.has('status') ? { status: stateBody(herder.status(name)) } : {}
    const info = parts.has('info') ? { info: infoBody(await herder.info(name)) } : {}
    return [name, { ...status, ...info }] as const
  } catch (error) {
    if (isConnectError(error) && error.code === 'HR_NOT_FOUND') return undefined // it has gone, or has not come yet
    throw error
  }
}

function settingsOf(config: Props | null | undefined): Props {
  if (config === null || config === undefined) {
    throw new ConnectError('HR_CONNECT', 'The request has no "config"; expected an object of settings')
  }
  return config
}

function initialStateOf(text: string | null | undefined): TargetState | undefined {
  if (text === null || text === undefined) return undefined
  const state = targetStates[text.toUpperCase()]
  if (state !== undefined) return state
  const message = `Cannot construct instance of initial_state: "${text}" is none of RUNNING, PAUSED and STOPPED`
  throw new ConnectError('HR_CONNECT', message)
}
