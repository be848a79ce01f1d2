import { Type, type TSchema } from 'typebox'

const list = <T extends TSchema>(item: T, description: string) =>
  Type.Immutable(Type.Array(item, { description }))

const orNull = <T extends TSchema>(type: T, description: string) =>
  Type.Union([type, Type.Null()], { description })

const item = {
  connector: Type.String(),
  task: orNull(Type.Integer(), 'Number of the task; null for the connector itself'),
}
const Item = Type.Object(item)
const problem = { ...item, reason: Type.String({ description: 'Why, as a sentence' }) }

const Member = Type.Object({
  url: Type.String({ description: 'URL of the REST API' }),
  kind: orNull(Type.Enum(['headrace', 'java']), 'null if the worker does not respond'),
  version: orNull(Type.String(), 'null if the worker does not respond'),
  tags: list(Type.String(), 'headrace.worker.tags'),
  leads: Type.Boolean({ description: 'Whether the worker assigns the work' }),
  runs: list(Item, 'The connectors and tasks assigned to the worker'),
  config_offset: orNull(
    Type.Integer(),
    'Next offset that the worker reads in the config topic; if it does not report it, as of its last join',
  ),
  config_lag: orNull(Type.Integer(), 'Records of the config topic that the worker has not read'),
  last_contact: orNull(
    Type.Integer(),
    'When the group coordinator last renewed the session of the worker, in ms since the epoch; Headrace workers only',
  ),
  session_ends: orNull(
    Type.Integer(),
    'When the group coordinator removes the worker unless there is further contact, in ms since the epoch',
  ),
})

/** The response to `GET /headrace/cluster`. */
export const Cluster = Type.Object({
  group: Type.String({ description: 'group.id' }),
  state: Type.String({ description: 'State of the group: Stable, or the phase of a rebalance' }),
  protocol: orNull(Type.String(), 'Group protocol in use; null during a rebalance'),
  leader: orNull(Type.String(), 'URL of the worker that assigns the work; null during a rebalance'),
  seen_by: Type.String({ description: 'URL of the worker that responds' }),
  config_end: orNull(Type.Integer(), 'Offset after the last record of the config topic'),
  members: list(Member, 'Sorted by URL; empty during a rebalance'),
  unassigned: list(
    Type.Object({
      ...problem,
      until: orNull(Type.Integer(), 'When the leader assigns it at the latest, in ms since the epoch'),
    }),
    'Connectors and tasks that no worker runs',
  ),
  misplaced: list(
    Type.Object({ ...problem, url: Type.String({ description: 'The worker it is assigned to' }) }),
    'Connectors and tasks on workers that lack their class, or the tags of headrace.placement',
  ),
  notes: list(Type.String(), 'What this worker does not know, and what has no effect'),
})

/** The response to `GET /headrace/cluster?scope=worker`. */
export const OwnState = Type.Object({
  url: Type.String(),
  version: Type.String(),
  tags: list(Type.String(), 'headrace.worker.tags'),
  connectors: list(Type.String(), 'Values of connector.class that the worker accepts'),
  config_offset: Type.Integer(),
  last_contact: Type.Integer(),
  session_ends: Type.Integer(),
})
