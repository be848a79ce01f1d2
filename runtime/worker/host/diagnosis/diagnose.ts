import {
  ConnectError,
  reasonOf,
  type Connector,
  type DiagnoseContext,
  type Finding,
  type Props,
  type SourceDiagnoseContext,
} from '../../../../api/index.ts'
import { withoutNulls } from '../../../../config/index.ts'
import { within } from '../../../timing/index.ts'
import { settingWarnings, validateConnector, type ConfigInfos } from '../../../validation/index.ts'
import type { DiagnosisRequest, DiagnosisScope } from '../../protocol.ts'
import { RESOLVING } from '../call-watch.ts'
import { resolved, type HostEnvironment } from '../environment.ts'
import { lastOffsetsOf } from '../setup/source-offsets.ts'
import { checkedFindings, diagnoseFailed, GRACE_MS } from './checked-findings.ts'
import { kafkaFindings } from './kafka-findings.ts'
import { connectorNameFindings, topicNameFindings } from './name-findings.ts'
import { secretsHidden } from './secrets.ts'

/** Longest wait for config providers. Leaves time for the rest of a diagnosis. */
const RESOLVE_MS = 10_000
/** Longest wait for stored offsets. Shorter than the timeout of a diagnosis, so that the connector gets the error. */
const OFFSETS_MS = 10_000

/** A diagnosis that is running. */
interface Run extends DiagnosisRequest {
  readonly scope: DiagnosisScope
  readonly timeoutMs: number
  /** Aborted after `timeoutMs`. */
  readonly signal: AbortSignal
  /** Last moment for findings of the connector, on the clock of `performance.now()`. */
  readonly endsAt: number
  /** Hides secrets in a text. Not for the fixed texts of the worker: there, it would reveal a secret that is a word. */
  readonly hide: (text: string) => string
}

/**
 * Returns findings about the settings of a connector; if they are valid, also about its topics, and those of the
 * connector about the system it works with. A connector that does not return in time is a finding. Changes nothing.
 * Hides secrets.
 */
export async function diagnose(
  environment: HostEnvironment,
  request: DiagnosisRequest,
  timeoutMs: number,
  scope: DiagnosisScope,
): Promise<Finding[]> {
  const { registry } = environment
  const signal = AbortSignal.timeout(timeoutMs)
  const endsAt = performance.now() + timeoutMs + GRACE_MS
  let hide = secretsHidden(registry, request.config)
  try {
    const answer = await within(RESOLVE_MS, resolved(environment, request.config), () => undefined)
    if (answer === undefined) return [unresolved]
    const { props } = answer
    hide = secretsHidden(registry, props)
    return await findingsOf(environment, props, { ...request, scope, timeoutMs, signal, endsAt, hide })
  } catch (error) {
    return [configError(hide(reasonOf(error)))]
  }
}

/** Throws when the settings cannot be validated, for example because no connector has the class. */
async function findingsOf(environment: HostEnvironment, props: Props, run: Run): Promise<Finding[]> {
  const { registry, worker } = environment
  if ((props['connector.class'] ?? '') === '') {
    return [{ ...configError('connector.class is missing'), remedy: 'Add the setting connector.class.' }]
  }
  const infos = await validateConnector(registry, worker, props, { ownChecks: run.scope === 'all' })
  const errors = configErrors(infos, run.hide)
  if (errors.length > 0) return errors
  const plugin = registry.connector(props['connector.class'] ?? '')
  const names = [...connectorNameFindings(props), ...topicNameFindings(plugin.kind, props, run.hide)]
  const others = settingWarnings(plugin.kind, props, infos).filter(({ name }) => name !== 'name')
  const warnings = others.map(({ name, message }): Finding => ({
    id: 'config',
    severity: 'warning',
    message: `${name}: ${message}`,
    remedy: `Correct or remove the setting ${name}.`,
  }))
  const found = await Promise.all([
    kafkaFindings(environment, plugin.kind, props, run),
    run.scope === 'all' ? ownFindings(environment, plugin, props, run) : [],
  ])
  return [...names, ...warnings, ...found.flat()]
}

function configErrors(infos: ConfigInfos, hide: Run['hide']): Finding[] {
  return infos.configs.flatMap(({ value }) =>
    distinct(value?.errors ?? []).map((error) => ({
      ...configError(`${value?.name}: ${hide(error)}`),
      remedy: `Correct the setting ${value?.name}.`,
    })),
  )
}

/** Leaves out what a validator says about the null that stands for a value that cannot be parsed. */
function distinct(errors: readonly string[]): string[] {
  const all = [...new Set(errors)]
  const parsed = all.filter((error) => !error.startsWith('Invalid value null '))
  return parsed.length > 0 ? parsed : all
}

const configError = (message: string): Finding => ({
  id: 'config',
  severity: 'error',
  message,
  remedy: 'Correct the settings.',
})

const unresolved: Finding = {
  ...configError(`${RESOLVING} has not returned within ${RESOLVE_MS / 1000} s`),
  remedy: 'Check the systems that the config providers of the settings read from.',
}

async function ownFindings(
  environment: HostEnvironment,
  plugin: Connector,
  props: Props,
  run: Run,
): Promise<Finding[]> {
  const late = () => [diagnoseFailed(`diagnose did not return within ${run.timeoutMs / 1000} s`)]
  return within(run.endsAt - performance.now(), ask(environment, plugin, props, run), late)
}

async function ask(
  environment: HostEnvironment,
  plugin: Connector,
  props: Props,
  { exists, signal, hide }: Run,
): Promise<Finding[]> {
  const name = props['name'] ?? ''
  const log = environment.loggers.logger(plugin.name, { connector: name })
  const context: DiagnoseContext = { log, signal, exists }
  try {
    if (plugin.kind === 'sink')
      return checkedFindings((await plugin.diagnose?.(withoutNulls(props), context)) ?? [], hide)
    const owner = { id: { connector: name, task: 0 }, connectorProps: props, log }
    const lastOffsets = lastOffsetsOf(environment, owner)
    const sourceContext: SourceDiagnoseContext = {
      ...context,
      lastOffsets: (partitions) => within(OFFSETS_MS, lastOffsets(partitions), noOffsets, signal),
    }
    return checkedFindings((await plugin.diagnose?.(withoutNulls(props), sourceContext)) ?? [], hide)
  } catch (error) {
    return [diagnoseFailed(hide(reasonOf(error)))]
  }
}

function noOffsets(): never {
  const message = `Kafka did not return the stored offsets of the connector within ${OFFSETS_MS} ms`
  throw new ConnectError('HR_KAFKA_UNAVAILABLE', message)
}
