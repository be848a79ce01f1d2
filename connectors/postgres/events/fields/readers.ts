import type { TypeRegistry } from '../../ports.ts'
import { columnReader } from '../../values/column-reader.ts'
import type { ValueSettings } from '../../values/settings.ts'
import type { ReaderOf } from '../context.ts'

/** Returns the source of readers for events. Masks and `column.propagate.source.type` do not apply to keys. */
export function readersOf(types: TypeRegistry, settings: ValueSettings): ReaderOf {
  const keySettings: ValueSettings = {
    ...settings,
    maskOf: () => undefined,
    propagatesSourceType: () => false,
  }
  return (column, table, origin, role) =>
    columnReader(column, table, types, role === 'key' ? keySettings : settings, origin)
}
