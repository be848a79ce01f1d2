import type { ConfigKey, ConfigType, ConfigTypes, Importance } from '../../../../api/index.ts'

/** The definition of a setting of Kafka's Java clients, and its effect in ours. */
export interface ClientSetting<T extends ConfigType = ConfigType> extends ConfigKey<T> {
  /** The default of Java's clients, if it differs from `default`. */
  readonly javaDefault?: ConfigTypes[T] | null
  /** Additional text for the reference, specific to Headrace. Validation responses contain only `doc`. */
  readonly note?: string
  /**
   * Absent if the setting takes effect. An `unsupported` setting is ignored with a warning. An `inapplicable` one is
   * ignored silently, because it concerns Java itself or something that Headrace does not need. The `default` of both
   * is Java's.
   */
  readonly ignored?: 'unsupported' | 'inapplicable'
}

type AnySetting = { [T in ConfigType]: ClientSetting<T> }[ConfigType]

/** Definitions of client settings by name. */
export type ClientTable = Readonly<Record<string, AnySetting>>

/** The settings of a table that take effect. */
export type Effective<D> = {
  readonly [K in keyof D as D[K] extends { readonly ignored: string } ? never : K]: D[K]
}

/** Returns the definitions unchanged. Preserves the type of each setting, as `defineConfig` does. */
export function defineClientTable<const D extends ClientTable>(table: D): D {
  return table
}

/** Returns the settings of a table that take effect, for parsing. */
export function effective<D extends ClientTable>(table: D): Effective<D> {
  return Object.fromEntries(
    Object.entries(table).filter(([, { ignored }]) => ignored === undefined),
  ) as unknown as Effective<D>
}

function ignoredAs<I extends NonNullable<ClientSetting['ignored']>>(ignored: I) {
  return <T extends ConfigType>(
    type: T,
    javaDefault: ConfigTypes[T] | null | undefined,
    importance: Importance,
    doc: string,
  ): ConfigKey<T> & { readonly ignored: I } => ({
    type,
    importance,
    doc,
    ...(javaDefault === undefined ? {} : { default: javaDefault }),
    ignored,
  })
}

/** Defines a setting that is ignored with a warning. `javaDefault` is undefined if Java requires the setting. */
export const unsupported = ignoredAs('unsupported')

/** Defines a setting that is ignored without a warning. */
export const inapplicable = ignoredAs('inapplicable')
