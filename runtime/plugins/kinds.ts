/** Plugin kinds, with the names and order of `/connector-plugins`. */
export const pluginKinds = [
  'sink',
  'source',
  'transformation',
  'predicate',
  'converter',
  'header_converter',
  'configprovider',
] as const

export type PluginKind = (typeof pluginKinds)[number]

/** A plugin by name. A converter that also serves headers is listed twice. */
export interface PluginInfo {
  readonly className: string
  readonly kind: PluginKind
  readonly version: string
  /** Further names, besides the short names that follow from the class name. */
  readonly aliases?: readonly string[]
  /** Whether a connector implements `deleted`. */
  readonly handlesDeletion?: true
}
