import { isDeepStrictEqual } from 'node:util'
import type { ConnectRecord } from '../../api/index.ts'
import { parseConfig } from '../../config/index.ts'
import { createChain } from '../../runtime/pipeline/index.ts'
import { converterContext } from '../../testing/index.ts'
import { canonicalPair, canonicalRecord, expectedPair, expectedRecord, type Canonical } from './canonical.ts'
import { compareDefinition, compareParsing } from './definitions.ts'
import { decodePair, decodeRecord } from './decode.ts'
import { errorDifference } from './errors.ts'
import type { RecordedCase, RecordedPair, RecordedRecord, RecordedStep } from './format.ts'
import { pluginOf, registry } from './plugins.ts'

/** Runs a step on the instance of its case. Returns the difference, if any. */
type StepRunner = (step: RecordedStep) => string | undefined

/** Runs the steps of a case in order on one instance. Returns the difference from the recording, if any. */
export function runCase(recorded: RecordedCase): string | undefined {
  if (recorded.kind === 'configDef') return compareDefinition(recorded)
  if (recorded.kind === 'parseType') return compareParsing(recorded)
  let run: StepRunner
  try {
    run = configure(recorded)
  } catch (error) {
    if (recorded.configureError !== undefined) return errorDifference(recorded.configureError, error)
    return `configure failed: ${String(error)}`
  }
  if (recorded.configureError !== undefined)
    return `configure should fail: ${recorded.configureError.message}`
  for (const [index, step] of (recorded.steps ?? []).entries()) {
    const difference = run(step)
    if (difference !== undefined)
      return `step ${index + 1}: ${difference}\n   input ${JSON.stringify(step.input)}`
  }
  return undefined
}

function configure(recorded: RecordedCase): StepRunner {
  switch (recorded.kind) {
    case 'transform': {
      const { create, config } = pluginOf('transformation', recorded.class)
      const step = create(parseConfig(config, recorded.config))
      return recordStep((record) => step.apply(record))
    }
    case 'predicate': {
      const { create, config } = pluginOf('predicate', recorded.class)
      const test = create(parseConfig(config, recorded.config))
      return (step) => {
        const record = decodeRecord(step.input as RecordedRecord)
        return compare(step, () => [() => step.output['test'] as boolean, test(record)])
      }
    }
    case 'chain':
      return recordStep(chainOf(recorded))
    case 'fromConnect':
    case 'toConnect':
      return converterStep(recorded)
    default:
      throw new TypeError(`unknown kind of case '${recorded.kind}'`)
  }
}

/** The transform chain of a connector as in a task, one record at a time. */
function chainOf({ config }: RecordedCase): (record: ConnectRecord) => ConnectRecord | null {
  const steps = createChain(registry, config)
  return (record) => {
    let current: ConnectRecord | null = record
    for (const { step, applies } of steps) {
      if (current === null) break
      if (applies === undefined || applies(current)) current = step.apply(current)
    }
    return current
  }
}

function recordStep(apply: (record: ConnectRecord) => ConnectRecord | null): StepRunner {
  return (step) => {
    const recorded = step.input as RecordedRecord
    const record = decodeRecord(recorded)
    const untouched = canonicalRecord(record, recorded)
    const difference = compare(step, () => {
      const result = apply(record)
      if ('same' in step.output) return [() => 'same', result === record ? 'same' : 'another record']
      const expected = (step.output['record'] ?? null) as RecordedRecord | null
      const found = result === null ? null : canonicalRecord(result, expected ?? recorded)
      return [() => (expected === null ? null : expectedRecord(expected)), found]
    })
    return difference ?? shown(untouched, canonicalRecord(record, recorded), 'the input was modified: ')
  }
}

type RecordedBytes = { readonly text?: string; readonly bytes?: string | null }

function bytesOf({ text, bytes }: RecordedBytes): Buffer | null {
  if (text !== undefined) return Buffer.from(text, 'utf8')
  return bytes === null || bytes === undefined ? null : Buffer.from(bytes, 'base64')
}

function converterStep(recorded: RecordedCase): StepRunner {
  const { role = 'value', topic = 't', headerKey = 'h' } = recorded
  const plugin = pluginOf('converter', recorded.class)
  const converter = plugin.create(
    parseConfig(plugin.config, { ...recorded.config, 'converter.type': role }),
    role,
    converterContext(),
  )
  if (recorded.kind === 'fromConnect') {
    return (step) => {
      const { schema, value } = decodePair(step.input as RecordedPair)
      return compare(step, () => {
        const result =
          role === 'header'
            ? converter.fromConnectHeader(topic, headerKey, schema, value)
            : converter.fromConnect(topic, schema, value)
        const bytes = typeof result === 'string' ? Buffer.from(result, 'utf8') : result
        return [() => readable(bytesOf(step.output)), readable(bytes)]
      })
    }
  }
  return (step) => {
    const bytes = bytesOf(step.input as RecordedBytes)
    return compare(step, () => {
      const result =
        role === 'header'
          ? converter.toConnectHeader(topic, headerKey, bytes)
          : converter.toConnect(topic, bytes)
      const nothing = { schema: null, value: null }
      const expected = ('javaNull' in step.output ? nothing : step.output) as unknown as RecordedPair
      return [() => expectedPair(expected), canonicalPair(result.schema, result.value, expected)]
    })
  }
}

/** Returns text if the bytes are UTF-8, otherwise base64. */
function readable(bytes: Buffer | null): Canonical {
  if (bytes === null) return null
  const text = bytes.toString('utf8')
  return Buffer.from(text, 'utf8').equals(bytes) ? { text } : { base64: bytes.toString('base64') }
}

/** Compares an outcome, which may be an error, with the recorded one. */
function compare(
  step: RecordedStep,
  run: () => [expected: () => Canonical, found: Canonical],
): string | undefined {
  const expectedError = step.output['error'] as Parameters<typeof errorDifference>[0] | undefined
  let outcome: ReturnType<typeof run>
  try {
    outcome = run()
  } catch (error) {
    if (expectedError !== undefined) return errorDifference(expectedError, error)
    return `failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\nexpected ${JSON.stringify(step.output)}`
  }
  if (expectedError === undefined) return shown(outcome[0](), outcome[1])
  return `should fail with ${expectedError.class}: ${expectedError.message}\n   found ${JSON.stringify(outcome[1])}`
}

function shown(expected: Canonical, found: Canonical, what = ''): string | undefined {
  if (isDeepStrictEqual(expected, found)) return undefined
  return `${what}expected ${JSON.stringify(expected)}\n         found ${JSON.stringify(found)}`
}
