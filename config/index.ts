export { nearest, parseConfig, parseSetting, parseValue, withPrefix } from './definition/index.ts'
export type { ParsedSetting, ResolveClass } from './definition/index.ts'
