import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import type {
  ConfigDef,
  ConfigFault,
  ConfigKey,
  ConnectorContext,
  DeletedContext,
  DiagnoseContext,
  Infer,
  RunningConnector,
  TaskProps,
} from '../api/index.ts'
import { silent, type TestWorker } from './context.ts'
import { definitionAcceptance, type NamedPlugin } from './definition.ts'
import { frozen } from './frozen.ts'

/** Valid settings of a connector, unparsed and parsed. */
export interface ConnectorExample<D extends ConfigDef> {
  readonly props: TaskProps
  readonly config: Infer<D>
  /**
   * Breaks the system that the connector uses, for example by closing connections or deleting folders. If defined, a
   * test checks that the task then fails.
   */
  readonly breakDown?: () => void | Promise<void>
  /**
   * Returns the number of connections that the system has at the moment, or of other resources that a task must release.
   * If defined, tests check that there are no more of them after `close` than before the task was opened.
   */
  readonly connections?: () => number | Promise<number>
}

/** An invalid value for a setting of the example. */
export interface RefusedSetting {
  readonly key: string
  /** The parsed value. Undefined if the setting is missing. */
  readonly value: unknown
}

/** The part of a driver that is common to sources and sinks. */
export interface ConnectorDriver<D extends ConfigDef> {
  /** Creates the external resources for one test, and the settings that refer to them. */
  prepare(t: TestContext): ConnectorExample<D> | Promise<ConnectorExample<D>>
  /** Invalid settings. Include each required setting and each validation rule at least once. */
  readonly refused: readonly RefusedSetting[]
}

interface Validating extends NamedPlugin {
  readonly taskClass: string
  validate?(props: TaskProps): readonly ConfigFault[] | Promise<readonly ConfigFault[]>
  deleted?(props: TaskProps, context: DeletedContext): void | Promise<void>
}

/** A connector should stop within a second; the rest is a margin for loaded machines. */
const STOP_MS = 5000
const PAUSE_MS = 10
const TASK_COUNTS = [1, 2, 7]
/** Turns of the event loop in which a closed task may still do something. */
const LATE_TURNS = 5

export const CONNECTOR = 'acceptance'

/** Returns the part of the start context that is common to sources and sinks. */
export const startContext = (props: TaskProps): ConnectorContext => ({
  props,
  log: silent,
  requestTaskReconfiguration: ignore,
  fail: (error) => assert.fail(`the connector failed: ${String(error)}`),
})

const ignore = (): void => {}

/** Registers the tests that are common to sources and sinks: settings and task configurations. */
export function connectorAcceptance<D extends ConfigDef>(
  connector: Validating,
  driver: ConnectorDriver<D>,
  start: (example: ConnectorExample<D>) => RunningConnector | Promise<RunningConnector>,
): void {
  const { name } = connector
  definitionAcceptance(connector)

  test(`${name} has a task class`, () => {
    assert.match(connector.taskClass, /^\S+$/)
  })

  test(`${name} accepts the example settings`, async (t) => {
    const { props, config } = await driver.prepare(t)
    assert.deepEqual(await faultsOf(connector, props, config), [])
  })

  test(`${name} rejects invalid settings and names them`, async (t) => {
    const { props, config } = await driver.prepare(t)
    for (const { key, value } of driver.refused) {
      const faults = await faultsOf(connector, withSetting(props, key, value), { ...config, [key]: value })
      const fault = faults.find((found) => found.key === key)
      assert.ok(fault !== undefined, `${key} was accepted with the value ${String(value)}`)
      assert.ok(fault.message.includes(key), `the message does not name ${key}: ${fault.message}`)
    }
  })

  test(`${name} generates at most tasks.max task configurations`, async (t) => {
    const example = await driver.prepare(t)
    const running = await start(frozen(example))
    for (const maxTasks of TASK_COUNTS) {
      const configs = await running.taskConfigs(maxTasks)
      assert.ok(
        configs.length <= maxTasks,
        `${configs.length} task configurations exceed tasks.max ${maxTasks}`,
      )
      for (const value of configs.flatMap((config) => Object.values(config))) {
        assert.equal(typeof value, 'string', 'task settings must be strings')
      }
    }
    await inTime('stop', running.stop?.())
  })

  if (connector.deleted === undefined) return
  test(`${name} removes its resources outside of Kafka when it is deleted, and does not fail if there are none`, async (t) => {
    const { props } = await driver.prepare(t)
    const context = { log: silent, signal: new AbortController().signal }
    for (let times = 0; times < 2; times++)
      await inTime('deleted', connector.deleted?.(frozen({ ...props }), context))
  })
}

export type Diagnose = (props: TaskProps, context: DiagnoseContext) => unknown

/** Registers the tests of `diagnose`. */
export function diagnoseAcceptance<D extends ConfigDef>(
  name: string,
  driver: ConnectorDriver<D>,
  diagnose: Diagnose,
): void {
  test(`${name} returns well-formed findings, several times at once, and does not modify its input`, async (t) => {
    const { props, breakDown } = await driver.prepare(t)
    const { signal } = new AbortController()
    const exit = t.mock.method(process, 'exit', refuseExit)
    const run = async (exists: boolean) =>
      assertFindings(
        await inTime(
          'diagnose',
          diagnose(frozen({ ...props }), Object.freeze({ log: silent, signal, exists })),
        ),
      )
    await Promise.all([run(false), run(true)])
    await breakDown?.()
    await run(true)
    assert.equal(exit.mock.callCount(), 0, 'diagnose called process.exit')
  })

  test(`${name} ends its diagnosis when it is aborted`, async (t) => {
    const { props } = await driver.prepare(t)
    for (const early of [true, false]) {
      const stop = new AbortController()
      if (early) stop.abort()
      const context = { log: silent, signal: stop.signal, exists: false }
      const diagnosis = Promise.resolve(diagnose(props, context))
      stop.abort()
      await inTime(
        'diagnose',
        diagnosis.catch(() => {}), // may reject: the worker uses the findings if there are any
      )
    }
  })
}

/** Replaces `process.exit`, so that the test that called it fails instead of ending all tests. */
function refuseExit(): never {
  throw new Error('diagnose called process.exit')
}

const severities: readonly unknown[] = ['error', 'warning', 'info']

function assertFindings(found: unknown): void {
  assert.ok(Array.isArray(found), 'diagnose must return an array of findings')
  for (const { id, severity, message, remedy } of found as readonly Record<string, unknown>[]) {
    assert.match(String(id), /^[a-z0-9]+(-[a-z0-9]+)*$/, 'an id must consist of lower-case words and hyphens')
    assert.ok(severities.includes(severity), `${String(id)}: the severity is ${String(severity)}`)
    assert.ok(typeof message === 'string' && message.trim() !== '', `${String(id)}: there is no message`)
    const isText = typeof remedy === 'string' && remedy.trim() !== ''
    assert.ok(remedy === undefined || remedy === null || isText, `${String(id)}: the remedy is not a string`)
  }
}

/** Returns the errors of the definition's validators and of the connector's own validation. */
async function faultsOf(
  connector: Validating,
  props: TaskProps,
  config: Readonly<Record<string, unknown>>,
): Promise<ConfigFault[]> {
  const faults = Object.entries<ConfigKey>(connector.config).flatMap(([key, setting]) => {
    const value = config[key] === undefined ? setting.default : config[key]
    if (value === undefined) return [{ key, message: `${key} is missing` }]
    const message = setting.validate?.check(key, value)
    return message === undefined ? [] : [{ key, message }]
  })
  return [...faults, ...((await connector.validate?.(frozen(props))) ?? [])]
}

function withSetting(props: TaskProps, key: string, value: unknown): TaskProps {
  const others = Object.entries(props).filter(([present]) => present !== key)
  const written = value === undefined || value === null ? [] : [[key, String(value)] as const]
  return Object.fromEntries([...others, ...written])
}

/** Rejects if `ending` does not settle in time. */
export async function inTime<T>(what: string, ending: T | Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not complete within ${STOP_MS} ms`)), STOP_MS)
  })
  try {
    return await Promise.race([ending, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Checks that a closed task leaves no connection open. The system may take a while to notice the end of one. */
export async function assertDisconnected(
  { connections }: Pick<ConnectorExample<ConfigDef>, 'connections'>,
  before: number | undefined,
): Promise<void> {
  if (connections === undefined || before === undefined) return
  const deadline = performance.now() + STOP_MS
  let left = await connections()
  for (; left > before && performance.now() < deadline; left = await connections()) await wait(PAUSE_MS)
  assert.ok(left <= before, `${left - before} connections of the task are open after close`)
}

/** Closes a task like a worker, and checks that it does not use its context afterwards. */
export async function closeTask(task: { close?(): void | Promise<void> }, worker: TestWorker): Promise<void> {
  worker.stop()
  await inTime('close', task.close?.())
  worker.closed()
  for (let turns = 0; turns < LATE_TURNS; turns++) await new Promise((resolve) => setImmediate(resolve))
  assert.deepEqual(worker.lateCalls, [], 'the task uses its context after close')
}
