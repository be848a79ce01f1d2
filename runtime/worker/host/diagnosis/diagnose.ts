import {
  reasonOf,
  type Connector,
  type DiagnoseContext,
  type Finding,
  type Props,
  type SourceDiagnoseContext,
} from '../../../../api/index.ts'
import { settingWarnings, validateConnector, type ConfigInfos } from '../../../validation/index.ts'
import type { DiagnosisRequest } from '../../protocol.ts'
import { resolved, type HostEnvironment } from '../environment.ts'
import { withSourceOffsets } from '../setup/source-offsets.ts'
import { checkedFindings, diagnoseFailed } from './checked-findings.ts'
import { kafkaFindings } from './kafka-findings.ts'
import { secretsHidden } from './secrets.ts'
import { withoutNulls } from '../../../../config/index.ts'

/**
 * Returns findings about the settings of a connector; if they are valid, also about its topics, and those of the
 * connector about the system it works with. Changes nothing. Hides secrets.
 */
export async function diagnose(
  environment: HostEnvironment,
  { config, exists }: DiagnosisRequest,
  timeoutMs: number,
): Promise<Finding[]> {
  const { registry } = environment
  const signal = AbortSignal.timeout(timeoutMs)
  let props = config
  const findings = await (async () => {
    try {
      props = (await resolved(environment, config)).props
      return await findingsOf(environment, props, exists, signal)
    } catch (error) {
      return [configError(reasonOf(error))]
    }
  })()
  const hide = secretsHidden(registry, props)
  return findings.map(({ id, severity, message, remedy }) => ({
    id,
    severity,
    message: hide(message),
    remedy: remedy === undefined || remedy === null ? null : hide(remedy),
  }))
}

/** Throws when the settings cannot be validated, for example because no connector has the class. */
async function findingsOf(
  environment: HostEnvironment,
  props: Props,
  exists: boolean,
  signal: AbortSignal,
): Promise<Finding[]> {
  const { registry, worker } = environment
  if ((props['connector.class'] ?? '') === '') return [configError('connector.class is missing')]
  const infos = await validateConnector(registry, worker, props)
  const errors = configErrors(infos)
  if (errors.length > 0) return errors
  const plugin = registry.connector(props['connector.class'] ?? '')
  const warnings = settingWarnings(plugin.kind, props, infos).map(({ name, message }): Finding => ({
    id: 'config',
    severity: 'warning',
    message: `${name}: ${message}`,
    remedy: `Correct or remove the setting ${name}.`,
  }))
  const found = await Promise.all([
    kafkaFindings(environment, plugin.kind, props, signal),
    ownFindings(environment, plugin, props, exists, signal),
  ])
  return [...warnings, ...found.flat()]
}

function configErrors(infos: ConfigInfos): Finding[] {
  return infos.configs.flatMap(({ value }) =>
    [...new Set(value?.errors)].map((error) => ({
      ...configError(`${value?.name}: ${error}`),
      remedy: `Correct the setting ${value?.name}.`,
    })),
  )
}

const configError = (message: string): Finding => ({
  id: 'config',
  severity: 'error',
  message,
  remedy: 'Correct the settings.',
})

async function ownFindings(
  environment: HostEnvironment,
  plugin: Connector,
  props: Props,
  exists: boolean,
  signal: AbortSignal,
): Promise<Finding[]> {
  const name = props['name'] ?? ''
  const log = environment.loggers.logger(plugin.name, { connector: name })
  const context: DiagnoseContext = { log, signal, exists }
  try {
    if (plugin.kind === 'sink')
      return checkedFindings((await plugin.diagnose?.(withoutNulls(props), context)) ?? [])
    const owner = { id: { connector: name, task: 0 }, connectorProps: props, log }
    const sourceContext: SourceDiagnoseContext = {
      ...context,
      lastOffsets: (partitions) =>
        withSourceOffsets(environment, owner, { create: false }, (offsets) => offsets.get(name, partitions)),
    }
    return checkedFindings((await plugin.diagnose?.(withoutNulls(props), sourceContext)) ?? [])
  } catch (error) {
    return [diagnoseFailed(reasonOf(error))]
  }
}
