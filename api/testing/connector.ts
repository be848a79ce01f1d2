import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { ConfigDef, ConfigKey, Infer } from '../config/index.ts'
import type { ConfigFault, ConnectorContext, RunningConnector } from '../connector.ts'
import type { Logger } from '../logger.ts'
import type { TaskProps } from '../props.ts'
import { definitionAcceptance, type NamedPlugin } from './definition.ts'
import { frozen } from './frozen.ts'

/** Settings that a connector takes, and leads to what it works with: as written, and as code has them once parsed. */
export interface ConnectorExample<D extends ConfigDef> {
  readonly props: TaskProps
  readonly config: Infer<D>
}

/** A setting that a connector refuses among those of its example. */
export interface RefusedSetting {
  readonly key: string
  /** As code has it once parsed; undefined: it is not there. */
  readonly value: unknown
}

/** What sources and sinks have alike for their tests. */
export interface ConnectorDriver<D extends ConfigDef> {
  /** Makes an outside world for one test, and settings that lead to it. */
  prepare(t: TestContext): ConnectorExample<D> | Promise<ConnectorExample<D>>
  /** Settings that have to be refused: each that is required, and each rule, at least once. */
  readonly refused: readonly RefusedSetting[]
}

interface Validating extends NamedPlugin {
  readonly taskClass: string
  validate?(props: TaskProps): readonly ConfigFault[] | Promise<readonly ConfigFault[]>
}

/** A signal to stop is to be honoured within a second; the rest is for machines that are busy. */
const STOP_MS = 5000
const TASK_COUNTS = [1, 2, 7]

export const CONNECTOR = 'acceptance'

/** What sources and sinks are given alike when they start. */
export const startContext = (props: TaskProps): ConnectorContext => ({
  props,
  log: silent,
  requestTaskReconfiguration: ignore,
  fail: (error) => assert.fail(`the connector failed: ${String(error)}`),
})

const ignore = (): void => {}
export const silent: Logger = { error: ignore, warn: ignore, info: ignore, debug: ignore, trace: ignore }

/** Tests what sources and sinks have alike: their settings, and how they divide their work. */
export function connectorAcceptance<D extends ConfigDef>(
  connector: Validating,
  driver: ConnectorDriver<D>,
  start: (example: ConnectorExample<D>) => RunningConnector | Promise<RunningConnector>,
): void {
  const { name } = connector
  definitionAcceptance(connector)

  test(`${name} names its task class`, () => {
    assert.match(connector.taskClass, /^\S+$/)
  })

  test(`${name} finds nothing wrong with its example`, async (t) => {
    const { props, config } = await driver.prepare(t)
    assert.deepEqual(await faultsOf(connector, props, config), [])
  })

  test(`${name} refuses settings that cannot be, and says which`, async (t) => {
    const { props, config } = await driver.prepare(t)
    for (const { key, value } of driver.refused) {
      const faults = await faultsOf(connector, withSetting(props, key, value), { ...config, [key]: value })
      const fault = faults.find((found) => found.key === key)
      assert.ok(fault !== undefined, `${key} was taken as ${String(value)}`)
      assert.ok(fault.message.includes(key), `the message does not name ${key}: ${fault.message}`)
    }
  })

  test(`${name} divides its work into no more tasks than it may have`, async (t) => {
    const example = await driver.prepare(t)
    const running = await start(frozen(example))
    for (const maxTasks of TASK_COUNTS) {
      const configs = await running.taskConfigs(maxTasks)
      assert.ok(configs.length <= maxTasks, `${configs.length} tasks where ${maxTasks} are allowed`)
      for (const value of configs.flatMap((config) => Object.values(config))) {
        assert.equal(typeof value, 'string', 'settings of tasks are texts')
      }
    }
    await inTime('stop', running.stop?.())
  })
}

/** What the definition and the connector itself find wrong. */
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

/** Fails when something that has to end goes on for too long. */
export async function inTime<T>(what: string, ending: T | Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not end within ${STOP_MS} ms`)), STOP_MS)
  })
  try {
    return await Promise.race([ending, late])
  } finally {
    clearTimeout(timer)
  }
}
