import type { Plugin } from '../api/index.ts'
import { keyAndValue } from './field-transform.ts'
import { hoistField } from './fields/hoist-field.ts'
import { insertField } from './fields/insert-field.ts'
import { maskField } from './fields/mask-field.ts'
import { replaceField } from './fields/replace-field.ts'
import { hasHeaderKey, recordIsTombstone, topicNameMatches } from './predicates/predicates.ts'
import { filter } from './records/filter.ts'
import { regexRouter } from './routing/regex-router.ts'

/** The built-in transforms and predicates, through the same door as anyone's. */
export const transforms: Plugin = {
  transforms: [
    ...keyAndValue(hoistField),
    ...keyAndValue(insertField),
    ...keyAndValue(maskField),
    ...keyAndValue(replaceField),
    filter,
    regexRouter,
  ],
  predicates: [hasHeaderKey, recordIsTombstone, topicNameMatches],
}
