import assert from 'node:assert/strict'
import { test } from 'node:test'
import { missingPlugin } from '../missing-plugin.ts'

for (const [others, expected] of [
  [
    ['http://a:1/', 'http://b:1/'],
    /These workers have it: http:\/\/a:1\/, http:\/\/b:1\/\. Install the plugin/,
  ],
  [[], /No other worker that responds has it\. .*correct connector\.class/],
  [undefined, /Which workers have it is not known\. Install the plugin/],
] as const) {
  test(`a missing plugin is explained when other workers with it are ${String(others)}`, () => {
    const text = missingPlugin('http://w:1/', 'x.C', others)
    assert.match(text, /^The worker http:\/\/w:1\/ lacks the connector class x\.C\./)
    assert.match(text, expected)
  })
}
