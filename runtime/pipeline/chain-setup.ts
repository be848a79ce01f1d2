import {
  ConnectError,
  isConnectError,
  messageOf,
  type ConfigDef,
  type ConnectRecord,
  type Infer,
  type Logger,
  type Props,
  type TransformContext,
} from '../../api/index.ts'
import { parseConfig, parseValue, withPrefix } from '../../config/index.ts'
import type { ChainStep } from './chain.ts'
import type { PluginRegistry } from '../plugins/index.ts'
import { checkChain } from './chain-check.ts'

/**
 * Creates the transforms of a connector with their predicates, in order.
 *
 * Throws `HR_CONFIG_INVALID`; `HR_CONNECT` when a plugin rejects settings that its definition allows.
 * Source: ConnectorConfig.transformationStages.
 */
export function createChain(registry: PluginRegistry, props: Props, log?: Logger): ChainStep[] {
  checkChain(registry, props)
  const aliases = parseValue('transforms', 'list', props['transforms'] ?? '') as readonly string[]
  return aliases.map((alias) => createStep(registry, alias, props, log))
}

function createStep(
  registry: PluginRegistry,
  alias: string,
  props: Props,
  log: Logger | undefined,
): ChainStep {
  const prefix = `transforms.${alias}.`
  const plugin = registry.transform((props[`${prefix}type`] ?? '').trim())
  const { type: _type, predicate, negate, ...own } = withPrefix(props, prefix)
  const common = {
    alias,
    className: plugin.name,
    step: created(plugin, own, log === undefined ? undefined : { log }),
  }
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
    const message = `A transform uses the predicate '${alias}', which is not listed in 'predicates'`
    throw new ConnectError('HR_CONNECT', message)
  }
  const { type: _type, ...own } = withPrefix(props, prefix)
  return created(registry.predicate(className.trim()), own)
}

/** Source: errors of Transformation.configure are wrapped. */
function created<D extends ConfigDef, T>(
  plugin: { readonly config: D; create(config: Infer<D>, context?: TransformContext): T },
  own: Props,
  context?: TransformContext,
): T {
  const config = parseConfig(plugin.config, own)
  try {
    return plugin.create(config, context)
  } catch (cause) {
    const name = isConnectError(cause) ? cause.javaClass : 'java.lang.RuntimeException'
    throw new ConnectError('HR_CONNECT', `${name}: ${messageOf(cause)}`, { cause })
  }
}
