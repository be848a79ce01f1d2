import { builtInProviders } from '../../config/index.ts'
import { connectorCatalog } from '../../connectors/catalog.ts'
import { converterCatalog } from '../../converters/catalog.ts'
import type { PluginInfo } from '../../runtime/index.ts'
import { predicateCatalog, transformCatalog } from '../../transforms/catalog.ts'

/** Metadata of the built-in plugins. Only task processes load their code. */
export const builtIns: readonly PluginInfo[] = [
  ...Object.values(connectorCatalog).map(({ name, ...info }) => ({ className: name, ...info })),
  ...[...transformCatalog, ...predicateCatalog, ...builtInProviders].map(({ name, kind, version }) => ({
    className: name,
    kind,
    version,
  })),
  ...Object.values(converterCatalog).flatMap(({ name, roles, version }) => {
    const serves = (role: string) => (roles as readonly string[]).includes(role)
    return [
      ...(serves('key') || serves('value') ? [{ className: name, kind: 'converter' as const, version }] : []),
      ...(serves('header') ? [{ className: name, kind: 'header_converter' as const, version }] : []),
    ]
  }),
]
