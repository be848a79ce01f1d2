export { builtInProviders } from './built-in.ts'
export { openProviders } from './open.ts'
export { hasVariables, resolveVariables } from './variables.ts'
export type { ResolvedProps } from './variables.ts'
