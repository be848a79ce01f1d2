import type { Validator } from '../../api/config/index.ts'
import { invalidValue } from '../../api/config/index.ts'
import { messageOf } from '../../api/errors.ts'
import { compileJavaRegex } from './java-regex.ts'

/** The message of Java's NullPointerException for a null pattern. */
const NO_PATTERN = 'Cannot invoke "String.isEmpty()" because "this.pattern" is null'

/** Accepts a supported Java regular expression. Source: RegexValidator. */
export const validRegex: Validator = {
  description: 'valid regex',
  check: (key, value) => {
    try {
      compileJavaRegex(String(value))
      return value === null ? invalidValue(key, value, `Invalid regex: ${NO_PATTERN}`) : undefined
    } catch (error) {
      return invalidValue(key, value, `Invalid regex: ${messageOf(error)}`)
    }
  },
}
