import { Type } from 'typebox'
import { ConnectError } from '../../api/index.ts'
import { inTime, parseLogLevel, type LevelEntry, type LogLevel } from '../../runtime/index.ts'
import type { Routes } from '../api.ts'
import { textParam } from '../schemas/parameters.ts'

const LoggerLevel = Type.Object({
  level: Type.String(),
  last_modified: Type.Union([Type.Integer(), Type.Null()], {
    description: 'Time of the last change at run time, in milliseconds since the epoch',
  }),
})

const loggerParams = Type.Object({
  logger: Type.String({ description: 'Name of the logger, or root' }),
})

const Scope = Type.Object({ scope: textParam('worker (the default) or cluster') })

const Level = Type.Record(Type.String(), Type.Union([Type.String(), Type.Null()]), {
  description: 'level: OFF, FATAL, ERROR, WARN, INFO, DEBUG, TRACE or ALL, case-insensitive',
})

/** Source: LoggingResource (KIP-495, KIP-976). */
export const loggerRoutes: Routes = (api, { herder, log }) => {
  api.get(
    '/admin/loggers',
    {
      schema: {
        summary: 'List the loggers of this worker with their levels',
        operationId: 'listLoggers',
        response: { 200: Type.Record(Type.String(), LoggerLevel) },
      },
    },
    async () => Object.fromEntries(herder.logLevels.entries().map(([name, entry]) => [name, bodyOf(entry)])),
  )

  api.get(
    '/admin/loggers/:logger',
    {
      schema: {
        summary: 'Get the level of a logger',
        operationId: 'getLogger',
        params: loggerParams,
        response: { 200: LoggerLevel },
      },
    },
    async ({ params: { logger } }) => {
      const entry = herder.logLevels.get(logger)
      if (entry === undefined) throw new ConnectError('HR_NOT_FOUND', `Logger ${logger} not found.`)
      return bodyOf(entry)
    },
  )

  api.put(
    '/admin/loggers/:logger',
    {
      schema: {
        summary: 'Set the level of a logger and its descendants',
        operationId: 'setLogger',
        params: loggerParams,
        querystring: Scope,
        body: Level,
        response: { 200: Type.Array(Type.String()), 204: Type.Void() },
      },
    },
    async ({ params: { logger }, query, body }, reply) => {
      const level = levelOf(body['level'])
      const scope = ([query.scope].flat()[0] ?? 'worker').toLowerCase()
      if (scope === 'cluster') {
        await inTime(herder, herder.setClusterLogLevel(logger, level))
        return reply.code(204).send()
      }
      if (scope !== 'worker') log.warn('unknown scope; setting the log level on this worker only', { scope })
      return herder.setLogLevel(logger, level)
    },
  )
}

const bodyOf = ({ level, lastModified }: LevelEntry) => ({ level, last_modified: lastModified })

function levelOf(text: string | null | undefined): LogLevel {
  if (text === undefined || text === null) {
    throw new ConnectError('HR_BAD_REQUEST', "Desired 'level' parameter was not specified in request.")
  }
  if (text === '') throw new ConnectError('HR_ILLEGAL_ARGUMENT', 'Illegal null or empty Level name.')
  const level = parseLogLevel(text)
  if (level === undefined) throw new ConnectError('HR_NOT_FOUND', `invalid log level '${text}'.`)
  return level
}
