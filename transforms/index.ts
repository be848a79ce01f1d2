import type { Plugin } from '../api/index.ts'
import { decodeMessageContent } from './debezium/message-content.ts'
import { eventRouter } from './debezium/outbox.ts'
import { extractNewRecordState } from './debezium/unwrap.ts'
import { expression } from './expression/expression.ts'
import { keyAndValue } from './field-transform.ts'
import { cast } from './values/cast.ts'
import { extractField } from './fields/extract-field.ts'
import { flatten } from './fields/flatten.ts'
import { hoistField } from './fields/hoist-field.ts'
import { insertField } from './fields/insert-field.ts'
import { maskField } from './fields/mask-field.ts'
import { replaceField } from './fields/replace-field.ts'
import { valueToKey } from './fields/value-to-key.ts'
import { dropHeaders } from './headers/drop-headers.ts'
import { headerFrom } from './headers/header-from.ts'
import { insertHeader } from './headers/insert-header.ts'
import { hasHeaderKey, recordIsTombstone, topicNameMatches } from './predicates/predicates.ts'
import { filter } from './records/filter.ts'
import { setSchemaMetadata } from './records/set-schema-metadata.ts'
import { regexRouter } from './routing/regex-router.ts'
import { timestampRouter } from './routing/timestamp-router.ts'
import { timestampConverter } from './values/timestamp-converter.ts'

/** The built-in transforms and predicates, packaged like any other plugin. */
export const transforms: Plugin = {
  transforms: [
    ...keyAndValue(cast),
    ...keyAndValue(extractField),
    ...keyAndValue(flatten),
    ...keyAndValue(headerFrom),
    ...keyAndValue(hoistField),
    ...keyAndValue(insertField),
    ...keyAndValue(maskField),
    ...keyAndValue(replaceField),
    ...keyAndValue(setSchemaMetadata),
    ...keyAndValue(timestampConverter),
    decodeMessageContent,
    dropHeaders,
    eventRouter,
    extractNewRecordState,
    filter,
    insertHeader,
    expression,
    regexRouter,
    timestampRouter,
    valueToKey,
  ],
  predicates: [hasHeaderKey, recordIsTombstone, topicNameMatches],
}
