import { ConnectError, messageOf, type Props, type SourceConnector } from '../../api/index.ts'
import { exactlyOnceMode } from '../../config/index.ts'
import { addError, type SettingStates } from './config-infos.ts'

const EXACTLY_ONCE = 'exactly.once.support'
const BOUNDARY = 'transaction.boundary'

const noAnswer =
  'The connector does not implement the API required for preflight validation of exactly-once source support. ' +
  'Please consult the documentation for the connector to determine whether it supports exactly-once semantics, and ' +
  'then consider reconfiguring the connector to use the value "requested" for this property (which will disable this ' +
  'preflight check and allow the connector to be created).'

const notEnabled = 'This worker does not have exactly-once source support enabled.'

const asksForExactlyOnce = (props: Props): boolean => props[EXACTLY_ONCE]?.trim().toLowerCase() === 'required'

const isEnabled = (worker: Props): boolean => exactlyOnceMode(worker) === 'enabled'

/**
 * Refuses to run a source that requires exactly-once delivery when the worker does not support it. Its
 * settings may have been accepted by a worker that does.
 *
 * Throws `HR_CONFIG_INVALID`.
 */
export function refuseExactlyOnce(props: Props, worker: Props): void {
  if (!asksForExactlyOnce(props) || isEnabled(worker)) return
  const message = `Invalid value required for configuration ${EXACTLY_ONCE}: ${notEnabled}`
  throw new ConnectError('HR_CONFIG_INVALID', message, { configKey: EXACTLY_ONCE })
}

/**
 * Validates the exactly-once and transaction settings of a source.
 *
 * Differs: a standalone worker also rejects `exactly.once.support=required`, and no worker runs a source with
 * it.
 * Source: DistributedHerder.validateSourceConnectorExactlyOnceSupport and …TransactionBoundary.
 */
export function checkSource(
  plugin: SourceConnector,
  props: Readonly<Record<string, string>>,
  worker: Readonly<Record<string, string>>,
  states: SettingStates,
): void {
  if (asksForExactlyOnce(props) && !hasErrors(states, EXACTLY_ONCE)) {
    if (!isEnabled(worker)) addError(states, EXACTLY_ONCE, notEnabled)
    const fault = exactlyOnceFault(plugin, props)
    if (fault !== undefined) addError(states, EXACTLY_ONCE, fault)
  }
  if (worker['group.id'] === undefined) return
  const boundary = boundaryFault(plugin, props, states)
  if (boundary !== undefined) addError(states, BOUNDARY, boundary)
}

function exactlyOnceFault(
  plugin: SourceConnector,
  props: Readonly<Record<string, string>>,
): string | undefined {
  if (plugin.exactlyOnceSupport === undefined) return noAnswer
  try {
    if (plugin.exactlyOnceSupport(props) === 'supported') return undefined
    return 'The connector does not support exactly-once semantics with the provided configuration.'
  } catch (error) {
    return unexpected(error)
  }
}

function boundaryFault(
  plugin: SourceConnector,
  props: Readonly<Record<string, string>>,
  states: SettingStates,
): string | undefined {
  if (props[BOUNDARY]?.trim().toLowerCase() !== 'connector' || hasErrors(states, BOUNDARY)) return undefined
  try {
    if (plugin.canDefineTransactionBoundaries?.(props) === 'supported') return undefined
    return (
      'The connector does not support connector-defined transaction boundaries with the given configuration. ' +
      'Please reconfigure it to use a different transaction boundary definition.'
    )
  } catch (error) {
    return unexpected(error)
  }
}

const hasErrors = (states: SettingStates, key: string): boolean => (states.get(key)?.errors.length ?? 0) > 0

function unexpected(error: unknown): string {
  const message = messageOf(error)
  const detail = message === '' ? '; please see the worker logs for more details.' : `: ${message}`
  return `An unexpected error occurred during validation${detail}`
}
