import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import {
  type ConfigDef,
  type Converter,
  type ConverterRole,
  type Infer,
  isConnectError,
  isNotReady,
  type SchemaAndValue,
  type Serialized,
} from '../api/index.ts'
import { converterContext } from './context.ts'
import { definitionAcceptance } from './definition.ts'
import { frozen } from './frozen.ts'

/** A converter under test and its test data. */
export interface ConverterDriver<D extends ConfigDef> {
  readonly converter: Converter<D>
  /** Parsed settings for `create`. */
  readonly config: Infer<D>
  /** Defaults to the first role of the converter. */
  readonly role?: ConverterRole
  /** Values that are unchanged after a round trip, with the schema that `toConnect` returns. */
  readonly values: readonly SchemaAndValue[]
}

const TOPIC = 'acceptance'
const RANDOM_INPUTS = 2000
const MOST_WAITS = 100
const CLOSE_MS = 5000
const MOST_BYTES = 64

/**
 * Registers `node:test` tests that every converter must pass: values survive a round trip, null stays null, arguments
 * are not modified, arbitrary bytes never cause an error without a code, and an instance can be closed after use.
 *
 * Waits for a converter that throws `NotReady`, then calls it again.
 */
export function converterAcceptance<D extends ConfigDef>(driver: ConverterDriver<D>): void {
  const { converter, config, values } = driver
  const { name } = converter
  const open = () => {
    const end = new AbortController()
    const role = driver.role ?? converter.roles[0] ?? 'value'
    const instance = converter.create(config, role, converterContext({ signal: end.signal }))
    const close = async () => {
      end.abort(new Error('the converter is closed'))
      await instance.close?.()
    }
    return { instance, close }
  }
  const create = (t: TestContext) => {
    const { instance, close } = open()
    t.after(close)
    return instance
  }
  definitionAcceptance(converter)

  test(`${name} has at least one role and no duplicate roles`, () => {
    assert.ok(converter.roles.length > 0)
    assert.equal(new Set(converter.roles).size, converter.roles.length)
  })

  test(`${name} preserves values in a round trip`, async (t) => {
    const instance = create(t)
    for (const { schema, value } of values) {
      const bytes = bytesOf(await ready(() => instance.fromConnect(TOPIC, schema, frozen(value))))
      const back = await ready(() => instance.toConnect(TOPIC, bytes))
      assert.deepEqual(back.value, value)
      assert.equal(back.schema, schema, `the schema of ${String(value)} has changed`)
    }
  })

  test(`${name} converts null bytes to a null value`, async (t) => {
    const instance = create(t)
    const { value } = await ready(() => instance.toConnect(TOPIC, null))
    assert.equal(value, null)
  })

  test(`${name} reads a range of a buffer like a separate buffer`, async (t) => {
    const instance = create(t)
    for (const { schema, value } of values) {
      const bytes = bytesOf(await ready(() => instance.fromConnect(TOPIC, schema, value)))
      if (bytes === null || instance.toConnectRange === undefined) continue
      const larger = Buffer.concat([Buffer.from([0xff]), bytes, Buffer.from([0xff])])
      const part = await ready(() => instance.toConnectRange?.(TOPIC, larger, 1, larger.length - 1))
      assert.deepEqual(part, await ready(() => instance.toConnect(TOPIC, bytes)))
    }
  })

  test(`${name} reads arbitrary bytes or throws an error with a code, and does not modify the bytes`, async (t) => {
    const instance = create(t)
    for (const bytes of randomInputs()) {
      const before = Buffer.from(bytes)
      try {
        await ready(() => instance.toConnect(TOPIC, bytes))
      } catch (error) {
        assert.ok(isConnectError(error), `threw ${String(error)} on ${before.toString('hex')}`)
      }
      assert.deepEqual(bytes, before, 'the bytes were modified')
    }
  })

  test(`${name} can be closed after use`, { timeout: CLOSE_MS }, async () => {
    const { instance, close } = open()
    for (const { schema, value } of values) await ready(() => instance.fromConnect(TOPIC, schema, value))
    await close()
  })
}

/** Calls a converter again whenever it was not ready, as the worker does. */
async function ready<T>(convert: () => T): Promise<T> {
  for (let waits = 0; ; waits++) {
    try {
      return convert()
    } catch (error) {
      if (!isNotReady(error)) throw error
      assert.ok(waits < MOST_WAITS, `it threw NotReady ${waits} times for the same value: ${error.message}`)
      await error.ready
    }
  }
}

function bytesOf(serialized: Serialized): Buffer | null {
  return typeof serialized === 'string' ? Buffer.from(serialized, 'utf8') : serialized
}

/** Generates the same inputs in each run, so that failures are reproducible. Uses a linear congruential generator. */
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
