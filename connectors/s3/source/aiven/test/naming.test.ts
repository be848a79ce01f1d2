import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aivenNaming } from '../naming.ts'

const naming = (template: string, topic: string | null = null, byPartition = false) =>
  aivenNaming({ template, topic, byPartition })

test('placeholders match as in Aiven’s connector, anywhere in the key', () => {
  const template = '{{topic}}-{{partition}}-{{start_offset}}'
  assert.deepEqual(naming(template).parse('customer-topic-1-1734445664111.txt'), {
    kind: 'single',
    topic: 'customer-topic',
    partition: 1,
    spread: 'customer-topic-1-1734445664111.txt',
  })
  const inFolder = naming(template).parse('22-10-12/customer-topic-1-1734445664111.txt')
  assert.deepEqual([inFolder?.kind === 'single' && inFolder.topic, inFolder?.partition], ['22', 10])
  const folders = naming('{{topic}}/{{partition}}/{{start_offset}}').parse('customer-topic/1/17.txt')
  assert.equal(folders?.topic, 'customer-topic')
  assert.equal(naming(template).parse('notes.txt'), undefined)
})

test('a fixed topic replaces that of the key, and without either an object is not read', () => {
  assert.equal(naming('.*', 'all').parse('a/b')?.topic, 'all')
  assert.equal(naming('.*', 'all').parse('a/b')?.partition, null)
  assert.equal(naming('.*').parse('a/b'), undefined)
})

test('with the distribution by partition, objects of a partition have the same slot', () => {
  const { parse } = naming('{{topic}}-{{partition}}-{{start_offset}}', null, true)
  const spread = (key: string) => {
    const name = parse(key)
    return name?.kind === 'single' ? name.spread : undefined
  }
  assert.equal(spread('t-3-10'), spread('t-3-20'))
  assert.notEqual(spread('t-3-10'), spread('t-4-10'))
})
