import {
  defineConfig,
  messageOf,
  type ConfigDef,
  type ConfigKey,
  type PluginEntry,
  type Props,
} from '../../api/index.ts'
import { parseValue } from '../../config/index.ts'
import { versionRequirement, type PluginRegistry } from '../plugins/index.ts'
import { classFault, versionFault } from './classes.ts'
import { embedded } from './definition.ts'

/** The differences between transforms and predicates. */
interface StepKind {
  /** Setting that lists the aliases. */
  readonly list: 'transforms' | 'predicates'
  readonly group: string
  /** The required base class of the type, for messages. */
  readonly base: 'Transformation' | 'Predicate'
  readonly pluginKind: 'transformation' | 'predicate'
  /** Settings that every step of the kind has in addition to its own. */
  readonly implicit: ConfigDef
}

/** Settings that every transform has in addition to its own. Source: ConnectorConfig.enrich (KIP-585). */
export const everyTransformConfig = defineConfig({
  predicate: {
    type: 'string',
    default: null,
    importance: 'medium',
    doc: 'Name of the predicate that selects the records to transform; all records by default.',
  },
  negate: {
    type: 'boolean',
    default: false,
    importance: 'medium',
    doc: 'Whether to transform the records that do not match the predicate instead.',
  },
})

const transforms: StepKind = {
  list: 'transforms',
  group: 'Transforms',
  base: 'Transformation',
  pluginKind: 'transformation',
  implicit: everyTransformConfig,
}

const predicates: StepKind = {
  list: 'predicates',
  group: 'Predicates',
  base: 'Predicate',
  pluginKind: 'predicate',
  implicit: {},
}

/**
 * The settings that a connector's transforms and predicates add to its definition, alias by alias.
 *
 * Source: ConnectorConfig.enrich.
 */
export function stepSettings(registry: PluginRegistry, props: Props): ConfigDef {
  return { ...settingsOf(registry, props, transforms), ...settingsOf(registry, props, predicates) }
}

function settingsOf(registry: PluginRegistry, props: Props, kind: StepKind): ConfigDef {
  const aliases = new Set((parseValue(kind.list, 'list', props[kind.list] ?? '') ?? []) as readonly string[])
  const parts = [...aliases].map((alias) => settingsOfStep(registry, props, kind, alias))
  return Object.assign({}, ...parts) as ConfigDef
}

function settingsOfStep(registry: PluginRegistry, props: Props, kind: StepKind, alias: string): ConfigDef {
  const prefix = `${kind.list}.${alias}.`
  const group = `${kind.group}: ${alias}`
  const found = registry.find(props[`${prefix}type`] ?? '')
  const entry = found?.kind === kind.pluginKind ? found : undefined
  const own = {
    [`${prefix}type`]: typeSetting(registry, props, kind, alias),
    [`${prefix}plugin.version`]: versionSetting(registry, props, kind, alias, entry),
  }
  if (entry === undefined || versionProblem(props, prefix, entry) !== undefined) return own
  return { ...own, ...embedded({ ...kind.implicit, ...entry.config, ...kind.implicit }, prefix, group, 2) }
}

function typeSetting(
  registry: PluginRegistry,
  props: Props,
  { list, group, base, pluginKind }: StepKind,
  alias: string,
): ConfigKey<'class'> {
  const prefix = `${list}.${alias}.`
  const classes = registry.list().flatMap((info) => (info.kind === pluginKind ? [info.className] : []))
  return {
    type: 'class',
    importance: 'high',
    doc: `Class of the ${base.toLowerCase()} ${alias}.`,
    group: `${group}: ${alias}`,
    order: 0,
    width: 'long',
    displayName: `${base} type for ${alias}`,
    validate: {
      description: '',
      check: (_key, value) => {
        const fault = list === 'transforms' ? lonelyNegation(props, prefix) : undefined
        if (fault !== undefined || value === null) return fault
        const entry = registry.find(String(value))
        return (
          classFault(registry, String(value), pluginKind, base) ??
          (entry === undefined ? undefined : versionProblem(props, prefix, entry))
        )
      },
    },
    recommender: { validValues: () => classes },
  }
}

function versionSetting(
  registry: PluginRegistry,
  props: Props,
  { list, group, base, pluginKind }: StepKind,
  alias: string,
  entry: PluginEntry | undefined,
): ConfigKey<'string'> {
  return {
    type: 'string',
    default: entry?.version ?? null,
    importance: 'high',
    doc: `Version of the ${base.toLowerCase()} ${alias}.`,
    group: `${group}: ${alias}`,
    order: 1,
    width: 'long',
    displayName: `${base} version for ${alias}`,
    validate: {
      description: '',
      check: () => (entry === undefined ? undefined : versionProblem(props, `${list}.${alias}.`, entry)),
    },
    recommender: {
      // Unlike the default, these refer to the trimmed class name
      validValues: () => {
        const read = registry.find(props[`${list}.${alias}.type`]?.trim() ?? '')
        return read?.kind === pluginKind ? [read.version] : []
      },
    },
  }
}

/** Why the requested version is unavailable; undefined when it is available. */
function versionProblem(props: Props, prefix: string, entry: PluginEntry): string | undefined {
  try {
    const wanted = versionRequirement(props[`${prefix}plugin.version`])
    return wanted?.matches(entry.version) === false ? versionFault(entry, wanted) : undefined
  } catch (error) {
    return messageOf(error)
  }
}

function lonelyNegation(props: Props, prefix: string): string | undefined {
  const [negate, predicate] = [`${prefix}negate`, `${prefix}predicate`]
  if (!Object.hasOwn(props, negate) || Object.hasOwn(props, predicate)) return undefined
  return `Config '${negate}' was provided but there is no config '${predicate}' defining a predicate to be negated.`
}
