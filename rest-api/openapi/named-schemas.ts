import {
  ConnectorInfo,
  ConnectorState,
  CreateConnector,
  ExpandedConnectors,
  TaskInfos,
  TaskState,
} from '../schemas/connector.ts'
import { ConnectorOffsets, Message } from '../schemas/offset.ts'
import { ConfigKeys, Plugins, Validation } from '../schemas/plugin.ts'
import { Settings } from '../schemas/settings.ts'
import { ErrorMessage, ServerInfo, WorkerHealth } from '../schemas/worker.ts'

/** The body of all error responses. */
export const errorBody = ErrorMessage

/** Schemas that become named types in generated clients. */
export const namedSchemas: ReadonlyMap<object, string> = new Map<object, string>([
  [ConfigKeys, 'ConfigKeys'],
  [ConnectorInfo, 'ConnectorInfo'],
  [ConnectorOffsets, 'ConnectorOffsets'],
  [ConnectorState, 'ConnectorState'],
  [CreateConnector, 'CreateConnector'],
  [ErrorMessage, 'ErrorMessage'],
  [ExpandedConnectors, 'ExpandedConnectors'],
  [Message, 'Message'],
  [Plugins, 'Plugins'],
  [ServerInfo, 'ServerInfo'],
  [Settings, 'Settings'],
  [TaskInfos, 'TaskInfos'],
  [TaskState, 'TaskState'],
  [Validation, 'Validation'],
  [WorkerHealth, 'WorkerHealth'],
])
