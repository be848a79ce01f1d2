export { defineConfig } from './definition.ts'
export type {
  ConfigDef,
  ConfigKey,
  ConfigType,
  ConfigTypes,
  Importance,
  Infer,
  Recommender,
  Width,
} from './definition.ts'
export { Secret } from './secret.ts'
export {
  between,
  invalidValue,
  nonEmpty,
  nonEmptyList,
  oneOf,
  oneOfIgnoringCase,
  rule,
} from './validators.ts'
export type { Validator } from './validators.ts'
