/** Kinds of plugins, as `/connector-plugins` names them, in its order. */
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

/** A plugin by name. A converter that also serves headers is there twice. */
export interface PluginInfo {
  readonly className: string
  readonly kind: PluginKind
  readonly version: string
}
