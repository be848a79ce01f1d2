import {
  ConnectError,
  isConnectError,
  messageOf,
  type ConfigDef,
  type ConnectRecord,
  type Infer,
  type Props,
} from '../../../../api/index.ts'
import { parseConfig, parseValue, withPrefix } from '../../../../config/index.ts'
import type { ChainStep } from '../../../pipeline/index.ts'
import type { PluginRegistry } from '../../../plugins/index.ts'
import { checkChain } from './chain-check.ts'

/**
 * The transforms of a connector with their predicates, in order.
 *
 * Throws `HR_CONFIG_INVALID`; `HR_CONNECT` when a plugin refuses settings that its definition allows.
 * Source: ConnectorConfig.transformationStages.
 */
export function createChain(registry: PluginRegistry, props: Props): ChainStep[] {
  checkChain(registry, props)
  const aliases = parseValue('transforms', 'list', props['transforms'] ?? '') as readonly string[]
  return aliases.map((alias) => createStep(registry, alias, props))
}

function createStep(registry: PluginRegistry, alias: string, props: Props): ChainStep {
  const prefix = `transforms.${alias}.`
  const plugin = registry.transform((props[`${prefix}type`] ?? '').trim())
  const { type: _type, predicate, negate, ...own } = withPrefix(props, prefix)
  const common = { alias, className: plugin.name, step: created(plugin, own) }
  if (predicate === undefined || predicate === null) return common
  const test = createPredicate(registry, predicate, props)
  const negated = negate?.toLowerCase() === 'true'
  return { ...common, applies: (record) => negated !== test(record) }
}

function createPredicate(
  registry: PluginRegistry,
  alias: string,
  props: Props,
): (record: ConnectRecord) => boolean {
  const prefix = `predicates.${alias}.`
  const className = props[`${prefix}type`]
  const listed = (parseValue('predicates', 'list', props['predicates'] ?? '') as readonly string[]).includes(
    alias,
  )
  if (!listed || className === undefined || className === null) {
    const message = `A transform names the predicate '${alias}', which is not in 'predicates'`
    throw new ConnectError('HR_CONNECT', message)
  }
  const { type: _type, ...own } = withPrefix(props, prefix)
  return created(registry.predicate(className.trim()), own)
}

/** Source: what Transformation.configure throws is wrapped. */
function created<D extends ConfigDef, T>(
  plugin: { readonly config: D; create(config: Infer<D>): T },
  own: Props,
): T {
  const config = parseConfig(plugin.config, own)
  try {
    return plugin.create(config)
  } catch (cause) {
    const name = isConnectError(cause) ? cause.javaClass : 'java.lang.RuntimeException'
    throw new ConnectError('HR_CONNECT', `${name}: ${messageOf(cause)}`, { cause })
  }
}
