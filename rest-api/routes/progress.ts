import { Type, type Static } from 'typebox'
import { rootCauseOfTrace } from '../../api/index.ts'
import {
  errorMetrics,
  metricFields,
  recordMetrics,
  totalFields,
  type ConnectorStateInfo,
  type FailureNote,
  type Herder,
  type InstanceInfo,
  type TaskSnapshot,
} from '../../runtime/index.ts'
import type { Routes } from '../api.ts'
import { peerProgress, taskKey, type WorkerProgress } from '../cluster/peer-progress.ts'
import { connectorParams, textParam } from '../schemas/parameters.ts'
import { ConnectorProgress, Progress, type TaskProgress } from '../schemas/progress.ts'

type Connector = Static<typeof ConnectorProgress>
type Task = Static<typeof TaskProgress>

const Scope = Type.Object({
  scope: textParam('`worker` returns the tasks of this worker only'),
})

/** Progress and errors of connectors and their tasks. Kafka Connect has no such routes. */
export const progressRoutes: Routes = (api, { herder, peers }) => {
  const everywhere = (states: readonly ConnectorStateInfo[], authorization: string | undefined) => {
    const workers = states.flatMap(({ connector, tasks }) =>
      [connector, ...tasks].map(({ workerId }) => workerId),
    )
    return peerProgress(herder, peers, workers, authorization)
  }

  api.get(
    '/headrace/connectors',
    {
      schema: {
        summary: 'Get the progress of all connectors',
        operationId: 'listProgress',
        querystring: Scope,
        response: { 200: Progress },
      },
    },
    async ({ query, headers }) => {
      const here = localTasks(herder)
      if ([query.scope].flat()[0] === 'worker') return onThisWorker(herder, here)
      const states = herder.connectors().flatMap((name) => stateOf(herder, name) ?? [])
      const elsewhere = await everywhere(states, headers.authorization)
      return Object.fromEntries(
        herder.connectors().map((name) => [name, connectorProgress(herder, name, here, elsewhere)]),
      )
    },
  )

  api.get(
    '/headrace/connectors/:connector',
    {
      schema: {
        summary: 'Get the progress of a connector',
        operationId: 'getProgress',
        params: connectorParams,
        response: { 200: ConnectorProgress },
      },
    },
    async ({ params: { connector }, headers }) => {
      await herder.info(connector)
      const state = stateOf(herder, connector)
      const elsewhere = await everywhere(state === undefined ? [] : [state], headers.authorization)
      return connectorProgress(herder, connector, localTasks(herder), elsewhere)
    },
  )
}

const localTasks = (herder: Herder): ReadonlyMap<string, TaskSnapshot> =>
  new Map(herder.snapshots().map((snapshot) => [taskKey(snapshot.id.connector, snapshot.id.task), snapshot]))

/** Returns undefined for a connector without a status yet. */
function stateOf(herder: Herder, name: string): ConnectorStateInfo | undefined {
  try {
    return herder.status(name)
  } catch {
    return undefined
  }
}

function onThisWorker(herder: Herder, here: ReadonlyMap<string, TaskSnapshot>): Record<string, Connector> {
  const withTasks = [...here.values()].map(({ id }) => id.connector)
  const names = new Set([...withTasks, ...herder.blockedConnectors().keys()])
  return Object.fromEntries(
    [...names].map((name) => {
      const progress = connectorProgress(herder, name, here, nothingElsewhere)
      const tasks = progress.tasks.filter(({ task }) => here.has(taskKey(name, task)))
      return [name, { ...progress, tasks }]
    }),
  )
}

function connectorProgress(
  herder: Herder,
  name: string,
  here: ReadonlyMap<string, TaskSnapshot>,
  elsewhere: WorkerProgress,
): Connector {
  const state = stateOf(herder, name)
  const known = new Map(state?.tasks.map((task) => [task.id, task]))
  for (const { id } of here.values()) {
    if (id.connector === name && !known.has(id.task)) known.set(id.task, { id: id.task, ...notYet })
  }
  const tasks = [...known.values()]
    .toSorted((a, b) => a.id - b.id)
    .map((task) => {
      const key = taskKey(name, task.id)
      return elsewhere.tasks.get(key) ?? taskProgress(task, here.get(key))
    })
  const connector = state?.connector ?? notYet
  return {
    type: state?.type ?? 'unknown',
    target_state: herder.targetState(name),
    ...instanceBody(connector, failedWith(connector)),
    blocked: longest([
      herder.blockedConnectors().get(name) ?? null,
      elsewhere.blocked.get(name) ?? null,
      ...tasks.map(({ blocked }) => blocked),
    ]),
    retrying: longest(tasks.map(({ retrying }) => retrying)),
    ...totalFields(recordMetrics, tasks),
    tasks,
  }
}

const nothingElsewhere: WorkerProgress = { tasks: new Map(), blocked: new Map() }

const notYet: InstanceInfo = {
  state: 'UNASSIGNED',
  workerId: '',
  trace: null,
  version: null,
  since: 0,
  restarts: 0,
}

function instanceBody({ state, since, restarts, workerId }: InstanceInfo, last_error: Task['last_error']) {
  return { state, since, restarts, worker_id: workerId, last_error }
}

function taskProgress(
  task: InstanceInfo & { readonly id: number },
  snapshot: TaskSnapshot | undefined,
): Task {
  const metrics = snapshot?.metrics
  const errors = metrics?.errors
  return {
    task: task.id,
    ...instanceBody(task, lastError(task, errors?.lastErrorAt ?? 0, errors?.lastError ?? null)),
    blocked: task.state === 'FAILED' ? null : (metrics?.blocked ?? null),
    retrying: task.state === 'FAILED' ? null : retryOf(metrics),
    pid: snapshot?.pid ?? -1,
    ...metricFields(recordMetrics, metrics),
    progress: operationOf(metrics),
    metrics: [...(metrics?.plugin ?? [])],
    errors: metricFields(errorMetrics, errors),
  }
}

function operationOf(metrics: TaskSnapshot['metrics']): Task['progress'] {
  const progress = metrics?.progress ?? null
  return progress === null ? null : { ...progress, detail: progress.detail ?? null }
}

function retryOf(metrics: TaskSnapshot['metrics']): Task['retrying'] {
  const retry = metrics?.retrying ?? null
  if (retry === null) return null
  const { since, attempt, reason, nextAttemptAt = null } = retry
  return { since, attempt, reason, next_attempt_at: nextAttemptAt }
}

/** Returns the error that failed the task, or else the error of the last record that it could not process. */
function lastError(task: InstanceInfo, at: number, note: FailureNote | null): Task['last_error'] {
  const failed = failedWith(task)
  if (note === null) return failed
  return {
    at: failed?.at ?? at,
    message: `${note.errorClass}: ${note.message}`,
    tolerated: failed === null,
    stage: note.stage,
    plugin: note.plugin,
    topic: note.topic,
    partition: note.partition,
    offset: note.offset,
    source_partition: note.sourcePartition,
    source_offset: note.sourceOffset,
  }
}

function failedWith({ state, trace, since }: InstanceInfo): Task['last_error'] {
  if (state !== 'FAILED' || trace === null) return null
  const place = { topic: null, partition: null, offset: null, source_partition: null, source_offset: null }
  return {
    at: since,
    message: rootCauseOfTrace(trace),
    tolerated: false,
    stage: null,
    plugin: null,
    ...place,
  }
}

function longest<T extends { readonly since: number }>(all: readonly (T | null)[]): T | null {
  return all.flatMap((one) => one ?? []).toSorted((a, b) => a.since - b.since)[0] ?? null
}
