import {
  ConnectError,
  messageOf,
  type ConverterContext,
  type ConverterRole,
  type Logger,
  type Props,
} from '../../api/index.ts'
import { parseConfig, withPrefix } from '../../config/index.ts'
import type { PluginRegistry } from '../plugins/index.ts'
import type { Converters } from './converters.ts'
import { onAbort, within } from '../timing/index.ts'
import { requireVersion } from '../validation/index.ts'

const CLOSE_MS = 5000

/** The settings and plugins from which the converters of a task or preview are created. */
export interface ConverterOwner {
  readonly registry: PluginRegistry
  readonly worker: Readonly<Record<string, string>>
  readonly connectorProps: Props
  readonly loggerOf: (className: string) => Logger
  /** Aborts the signal of the converters before they are closed. */
  readonly stop: AbortSignal
}

/**
 * Creates the converters of a task or preview: those of the connector, otherwise the worker's, each with the
 * settings under its prefix. Closes them when `use` has ended.
 *
 * Throws `HR_CONFIG_INVALID`. Source: Plugins.newConverter.
 */
export async function withConverters<T>(
  owner: ConverterOwner,
  use: (converters: Converters) => Promise<T>,
): Promise<T> {
  const ended = new AbortController()
  const end = () => ended.abort(new ConnectError('HR_ILLEGAL_STATE', 'The converter is closed.'))
  const forgetStop = onAbort(owner.stop, end)
  const created: CreatedConverter[] = []
  const create = (role: ConverterRole) => {
    const converter = createConverter(owner, role, ended.signal)
    created.push(converter)
    return converter
  }
  try {
    return await use({ key: create('key'), value: create('value'), header: create('header') })
  } finally {
    end()
    forgetStop()
    await Promise.all(created.map(close))
  }
}

/**
 * Returns the settings that apply to a role. Ignores converter settings of a connector that names no
 * converter.
 */
function ownerOf(role: ConverterRole, worker: Props, connector: Props): Props {
  const own = connector[`${role}.converter`]
  return own === undefined || own === null ? worker : connector
}

const DEFAULT_HEADER_CONVERTER = 'org.apache.kafka.connect.storage.SimpleHeaderConverter'

interface CreatedConverter {
  readonly className: string
  readonly converter: ReturnType<ReturnType<PluginRegistry['converter']>['create']>
  readonly log: Logger
}

function createConverter(
  { registry, worker, connectorProps, loggerOf }: ConverterOwner,
  role: ConverterRole,
  signal: AbortSignal,
): CreatedConverter {
  const props = ownerOf(role, worker, connectorProps)
  const key = `${role}.converter`
  const className = props[key]?.trim() ?? (role === 'header' ? DEFAULT_HEADER_CONVERTER : undefined)
  if (className === undefined) {
    const message = `Missing required configuration "${key}" which has no default value.`
    throw new ConnectError('HR_CONFIG_INVALID', message, { configKey: key })
  }
  const plugin = registry.converter(className, role)
  requireVersion(plugin, `${key}.plugin.version`, props[`${key}.plugin.version`])
  const config = parseConfig(plugin.config, { ...withPrefix(props, `${key}.`), 'converter.type': role })
  const context: ConverterContext = { log: loggerOf(plugin.name), signal }
  return { className: plugin.name, converter: plugin.create(config, role, context), log: context.log }
}

/** An error is logged. */
async function close({ className, converter, log }: CreatedConverter): Promise<void> {
  if (converter.close === undefined) return
  const failed = (error: unknown) =>
    log.warn('an error occurred while closing the converter', {
      class: className,
      reason: messageOf(error),
      err: error,
    })
  const closed = Promise.resolve()
    .then(() => converter.close?.())
    .catch(failed)
  await within(CLOSE_MS, closed, () =>
    log.warn('the converter was not closed in time', { class: className, timeoutMs: CLOSE_MS }),
  )
}
