import { rule } from '../../../../api/index.ts'
import { bool } from '../../../shared/setting-rules.ts'

/** A boolean that cannot be true, for what is not supported. */
export const alwaysFalse = (reason: string) => ({
  ...bool,
  default: false,
  validate: rule('[false]', (value) => (value === true ? reason : undefined)),
})
