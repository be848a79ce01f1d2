import { ConnectError, type ConnectRecord, type Props } from '../../../api/index.ts'
import { parseConfig, parseValue, withPrefix } from '../../../config/index.ts'
import type { ChainStep } from '../../pipeline/index.ts'
import type { PluginRegistry } from '../../plugins/index.ts'

/**
 * The transforms of a connector with their predicates, in order.
 *
 * Throws `HR_CONFIG_INVALID`. Source: ConnectorConfig.transformationStages (spec/transforms 7.1).
 */
export function createChain(registry: PluginRegistry, props: Props): ChainStep[] {
  const aliases = parseValue('transforms', 'list', props['transforms'] ?? '') as readonly string[]
  return aliases.map((alias) => createStep(registry, alias, props))
}

function createStep(registry: PluginRegistry, alias: string, props: Props): ChainStep {
  const prefix = `transforms.${alias}.`
  const plugin = registry.transform(required(props, `${prefix}type`))
  const { type: _type, predicate, negate, ...own } = withPrefix(props, prefix)
  const step = plugin.create(parseConfig(plugin.config, own))
  const common = { alias, className: plugin.name, step }
  if (predicate === undefined || predicate === null) return common
  const test = createPredicate(registry, predicate.trim(), props)
  const negated = parseValue(`${prefix}negate`, 'boolean', negate ?? 'false') === true
  return { ...common, applies: (record) => negated !== test(record) }
}

function createPredicate(
  registry: PluginRegistry,
  alias: string,
  props: Props,
): (record: ConnectRecord) => boolean {
  const prefix = `predicates.${alias}.`
  const plugin = registry.predicate(required(props, `${prefix}type`))
  const { type: _type, ...own } = withPrefix(props, prefix)
  return plugin.create(parseConfig(plugin.config, own))
}

function required(props: Props, key: string): string {
  const value = props[key]
  if (value !== undefined && value !== null) return value.trim()
  const message = `Missing required configuration "${key}" which has no default value.`
  throw new ConnectError('HR_CONFIG_INVALID', message, { configKey: key })
}
