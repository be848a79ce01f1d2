import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wordings } from '../../wording.ts'
import { explainRefusal } from '../explain-refusal.ts'

const explained = (type: string, reason: string) => explainRefusal(type, reason, wordings.elasticsearch)

test('reasons of real servers are explained with the remedy', () => {
  const examples: readonly (readonly [string, string, RegExp])[] = [
    [
      'document_parsing_exception',
      '[1:18] failed to parse: Limit of total fields [2] has been exceeded while adding new fields [3]',
      /^the index would have more fields than its limit of 2; raise index\.mapping\.total_fields\.limit/,
    ],
    [
      'document_parsing_exception',
      '[1:11] failed to parse: Limit of mapping depth [2] has been exceeded due to object field [a.b]',
      /deeper than the limit of 2; raise index\.mapping\.depth\.limit/,
    ],
    [
      'illegal_argument_exception',
      'mapper [x] cannot be changed from type [long] to [text]',
      /^the field 'x' is mapped as long and cannot become text;.* \(illegal_argument_exception\)$/,
    ],
    [
      'document_parsing_exception',
      "[1:6] failed to parse field [n] of type [long] in document with id '1'. Preview of field's value: 'abc CANARY'",
      /^the value of the field 'n' does not fit its mapping as long;/,
    ],
    [
      'document_parsing_exception',
      '[1:6] object mapping for [o] tried to parse field [o] as object, but found a concrete value',
      /^the field 'o' is mapped as an object/,
    ],
    [
      'strict_dynamic_mapping_exception',
      '[1:7] mapping set to strict, dynamic introduction of [zz] within [_doc] is not allowed',
      /strict and has no field 'zz' in _doc/,
    ],
    [
      'validation_exception',
      'Validation Failed: 1: this action would add [2] shards, but this cluster currently has [6]/[1] maximum normal shards open; for more',
      /has 6 open shards of at most 1;/,
    ],
    [
      'illegal_argument_exception',
      'no write index is defined for alias [al]. The write index may be explicitly disabled',
      /'al' has several indexes and no write index; set is_write_index/,
    ],
    [
      'illegal_argument_exception',
      'Document contains at least one immense term in field="k" (whose UTF8 encoding is longer than the max length 32766)',
      /'k' is longer than the 32766 bytes/,
    ],
    ['routing_missing_exception', 'routing is required for [rr]/[1]', /headrace\.routing\.field/],
    ['illegal_argument_exception', 'pipeline with id [nope] does not exist', /'nope' does not exist/],
    [
      'illegal_argument_exception',
      'no matching index template found for data stream [logs-a-b]',
      /create such a template/,
    ],
    [
      'illegal_argument_exception',
      'only write ops with an op_type of create are allowed in data streams',
      /set data\.stream\.type/,
    ],
  ]
  for (const [type, reason, expected] of examples) {
    assert.match(explained(type, reason), expected)
    assert.ok(!explained(type, reason).includes('CANARY'))
  }
})

test('other reasons stay, without values of the document', () => {
  assert.equal(explained('some_exception', 'Something'), 'Something (some_exception)')
  const reasons = [
    "failed. Preview of field's value: 'CANARY\nCANARY'",
    'failed\n at [Source: (byte[])"{"c":"CANARY"}"; line: 1, column: 11]',
    'For input string: "CANARY "quoted" CANARY"',
  ]
  for (const reason of reasons) assert.match(explained('e', reason), /^(failed|For input string) \(e\)$/)
})

test('a long reason is cut', () => {
  assert.ok(explained('e', 'x'.repeat(100_000)).length < 600)
})

test('remedies name the settings of the connector', () => {
  const reason = 'only write ops with an op_type of create are allowed in data streams'
  assert.match(explainRefusal('e', reason, wordings.elasticsearch), /external\.resource\.usage/)
  assert.match(explainRefusal('e', reason, wordings.opensearch), /data\.stream\.enabled=true/)
})
