import { defineConfig, version, type Transform } from '../../api/index.ts'
import { transformName } from '../catalog.ts'

/** Drops every record it is applied to. Combine it with a predicate. Source: Filter. */
export const filter: Transform = {
  kind: 'transformation',
  name: transformName('Filter'),
  version,
  config: defineConfig({}),
  create: () => ({ apply: () => null }),
}
