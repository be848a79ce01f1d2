import { defineConfig, type ConfigDef, type ConfigKey, type Props } from '../../api/index.ts'
import { parseValue } from '../../config/index.ts'
import type { PluginRegistry } from '../plugins/index.ts'
import { classFault } from './classes.ts'
import { embedded } from './definition.ts'

/** What is alike for transforms and predicates. */
interface StepKind {
  /** Setting that lists the aliases. */
  readonly list: 'transforms' | 'predicates'
  readonly group: string
  /** Class that the type has to be of, in messages. */
  readonly base: 'Transformation' | 'Predicate'
  readonly pluginKind: 'transformation' | 'predicate'
  /** Settings that every step of the kind has beside its own. */
  readonly implicit: ConfigDef
}

/** Settings of every transform beside its own. Source: ConnectorConfig.enrich (KIP-585). */
export const everyTransformConfig = defineConfig({
  predicate: {
    type: 'string',
    default: null,
    importance: 'medium',
    doc: 'Name of the predicate that says for which records the transform is; all by default.',
  },
  negate: {
    type: 'boolean',
    default: false,
    importance: 'medium',
    doc: 'Whether the transform is for the records that the predicate does not hold for.',
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
  const classes = registry.list().flatMap((info) => (info.kind === kind.pluginKind ? [info.className] : []))
  const typeKey: ConfigKey<'class'> = {
    type: 'class',
    importance: 'high',
    doc: `Class of the ${kind.base.toLowerCase()} ${alias}.`,
    group,
    order: 0,
    width: 'long',
    displayName: `${kind.base} type for ${alias}`,
    validate: {
      description: '',
      check: (_key, value) =>
        value === null ? undefined : classFault(registry, String(value), kind.pluginKind, kind.base),
    },
    recommender: { validValues: () => classes },
  }
  const entry = registry.find(props[`${prefix}type`]?.trim() ?? '')
  if (entry?.kind !== kind.pluginKind) return { [`${prefix}type`]: typeKey }
  const groupOf = (setting: ConfigKey) => (setting.group === undefined ? group : `${group}: ${setting.group}`)
  return { [`${prefix}type`]: typeKey, ...embedded({ ...entry.config, ...kind.implicit }, prefix, groupOf) }
}
