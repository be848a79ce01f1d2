import { ConnectError, invalidValue } from '../../api/index.ts'
import type { PluginCatalog, PluginKind } from '../plugins/index.ts'

const settings: readonly (readonly [key: string, kind: PluginKind, what: string])[] = [
  ['key.converter', 'converter', 'converter for keys'],
  ['value.converter', 'converter', 'converter for values'],
  ['header.converter', 'header_converter', 'converter for headers'],
]

/**
 * Throws `HR_CONFIG_INVALID` when a converter of the worker does not exist, and closes the runtime. Searches
 * the plugin packages only for converters that are not built in.
 *
 * Source: WorkerConfig, whose converters are loaded as classes.
 */
export async function requireConverters(
  props: Readonly<Record<string, string>>,
  catalog: PluginCatalog,
  runtime: { discover(): Promise<void>; close(): Promise<void> },
): Promise<void> {
  if (faultOf(props, catalog) === undefined) return
  try {
    await runtime.discover()
    const fault = faultOf(props, catalog)
    if (fault !== undefined) throw fault
  } catch (error) {
    await runtime.close()
    throw error
  }
}

function faultOf(props: Readonly<Record<string, string>>, catalog: PluginCatalog): ConnectError | undefined {
  for (const [configKey, kind, what] of settings) {
    const className = props[configKey]?.trim()
    if (className === undefined || catalog.has(className, kind)) continue
    const reason =
      catalog.find(className) === undefined
        ? `Class ${className} could not be found.`
        : `Class ${className} is not a ${what}.`
    return new ConnectError('HR_CONFIG_INVALID', invalidValue(configKey, className, reason), { configKey })
  }
  return undefined
}
