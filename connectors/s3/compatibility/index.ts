export { schemaCompatibility } from './compatibility.ts'
export type { CompatibilityMode } from './compatibility.ts'
