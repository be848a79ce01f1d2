import { Type } from 'typebox'
import { Settings } from './settings.ts'

const ConnectorType = Type.Enum(['source', 'sink', 'unknown'])

const State = Type.Enum(['UNASSIGNED', 'RUNNING', 'PAUSED', 'FAILED', 'RESTARTING', 'STOPPED'])

const TaskId = Type.Object({ connector: Type.String(), task: Type.Integer() })

const instance = {
  state: State,
  worker_id: Type.String({ description: 'host:port of the worker it is assigned to' }),
  version: Type.Union([Type.String(), Type.Null()], {
    description: 'Version of the plugin; null when not running',
  }),
  trace: Type.Optional(
    Type.String({ description: 'Stack trace of the failure, or why no worker may run the instance' }),
  ),
}

export const CreateConnector = Type.Object(
  {
    name: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    config: Type.Optional(Type.Union([Settings, Type.Null()])),
    initial_state: Type.Optional(
      Type.Union([Type.String(), Type.Null()], {
        description: 'RUNNING, PAUSED or STOPPED, case-insensitive',
      }),
    ),
  },
  { additionalProperties: false },
)

export const ConnectorInfo = Type.Object({
  name: Type.String(),
  config: Settings,
  tasks: Type.Immutable(Type.Array(TaskId)),
  type: ConnectorType,
})

export const TaskState = Type.Object({ id: Type.Integer(), ...instance })

export const ConnectorState = Type.Object({
  name: Type.String(),
  connector: Type.Object(instance),
  tasks: Type.Array(TaskState),
  type: ConnectorType,
})

export const TaskInfos = Type.Array(Type.Object({ id: TaskId, config: Settings }))

export const ConnectorNames = Type.Array(Type.String())

export const ExpandedConnectors = Type.Record(
  Type.String(),
  Type.Object({ status: Type.Optional(ConnectorState), info: Type.Optional(ConnectorInfo) }),
)
