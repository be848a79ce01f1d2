import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConfigDef, Infer } from '../config/index.ts'
import type { Converter, ConverterRole, Serialized } from '../converter.ts'
import { isConnectError } from '../errors.ts'
import type { SchemaAndValue } from '../transform.ts'
import { definitionAcceptance } from './definition.ts'
import { frozen } from './frozen.ts'

/** A converter to be tested, and what with. */
export interface ConverterDriver<D extends ConfigDef> {
  readonly converter: Converter<D>
  /** Settings as `create` takes them. */
  readonly config: Infer<D>
  /** By default the first of the converter's roles. */
  readonly role?: ConverterRole
  /** Values that come back from their bytes as they were, with the schema they come back with. */
  readonly values: readonly SchemaAndValue[]
}

const TOPIC = 'acceptance'
const RANDOM_INPUTS = 2000
const MOST_BYTES = 64

/**
 * Registers tests that every converter has to pass with `node:test`: values survive their way to bytes and back, null
 * stays null, nothing it is given is changed, and no bytes make it throw anything but an error with a code.
 */
export function converterAcceptance<D extends ConfigDef>(driver: ConverterDriver<D>): void {
  const { converter, config, values } = driver
  const { name } = converter
  const create = () => converter.create(config, driver.role ?? converter.roles[0] ?? 'value')
  definitionAcceptance(converter)

  test(`${name} serves at least one role, and each once`, () => {
    assert.ok(converter.roles.length > 0)
    assert.equal(new Set(converter.roles).size, converter.roles.length)
  })

  test(`${name} gives values back as they were`, () => {
    const instance = create()
    for (const { schema, value } of values) {
      const bytes = bytesOf(instance.fromConnect(TOPIC, schema, frozen(value)))
      const back = instance.toConnect(TOPIC, bytes)
      assert.deepEqual(back.value, value)
      assert.equal(back.schema, schema, `the schema of ${String(value)} is another one`)
    }
  })

  test(`${name} makes null of Kafka's null`, () => {
    assert.equal(create().toConnect(TOPIC, null).value, null)
  })

  test(`${name} reads a part of a larger buffer as it reads the part alone`, () => {
    const instance = create()
    for (const { schema, value } of values) {
      const bytes = bytesOf(instance.fromConnect(TOPIC, schema, value))
      if (bytes === null || instance.toConnectRange === undefined) continue
      const larger = Buffer.concat([Buffer.from([0xff]), bytes, Buffer.from([0xff])])
      const part = instance.toConnectRange(TOPIC, larger, 1, larger.length - 1)
      assert.deepEqual(part, instance.toConnect(TOPIC, bytes))
    }
  })

  test(`${name} reads any bytes, or refuses them with an error that has a code, and leaves them as they are`, () => {
    const instance = create()
    for (const bytes of randomInputs()) {
      const before = Buffer.from(bytes)
      try {
        instance.toConnect(TOPIC, bytes)
      } catch (error) {
        assert.ok(isConnectError(error), `threw ${String(error)} on ${before.toString('hex')}`)
      }
      assert.deepEqual(bytes, before, 'the bytes were changed')
    }
  })
}

function bytesOf(serialized: Serialized): Buffer | null {
  return typeof serialized === 'string' ? Buffer.from(serialized, 'utf8') : serialized
}

/** The same in each run, so that a failure can be looked into. Source: a linear congruential generator. */
function* randomInputs(): Generator<Buffer> {
  let state = 1
  const next = (limit: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
  for (let count = 0; count < RANDOM_INPUTS; count++) {
    yield Buffer.from(Array.from({ length: next(MOST_BYTES) }, () => next(256)))
  }
}
