import { setImmediate as breathe } from 'node:timers/promises'
import {
  between,
  changedRecord,
  ConnectError,
  defineConfig,
  messageOf,
  version,
  type ConnectRecord,
  type StepResult,
  type Transform,
} from '../../api/index.ts'
import { EXPRESSION } from '../catalog.ts'
import { compileExpression, type Evaluate } from './engine.ts'
import { PlainValues } from './plain-values.ts'
import { changesOf, inputOf } from './result.ts'

const MAX_TIMEOUT_MS = 60_000
const DEFAULT_TIMEOUT_MS = 1000
/** Other work of the process waits this long at most, and for one record. */
const BREATH_MS = 25

const config = defineConfig({
  'expression': {
    type: 'string',
    importance: 'high',
    width: 'long',
    validate: {
      description: 'a JSONata expression',
      check: (key, value) => {
        if (value === null) return undefined
        try {
          compileExpression(String(value), { timeoutMs: DEFAULT_TIMEOUT_MS })
          return undefined
        } catch (error) {
          return `Invalid value for configuration ${key}: ${messageOf(error)}`
        }
      },
    },
    doc: 'JSONata expression over {key, value, headers, topic, partition, timestamp}. Its result is an object with the parts to replace, or null to drop the record.',
  },
  'timeout.ms': {
    type: 'int',
    default: DEFAULT_TIMEOUT_MS,
    validate: between(1, MAX_TIMEOUT_MS),
    importance: 'low',
    doc: 'Longest time that the expression may take for a record, in milliseconds.',
  },
})

/**
 * Replaces parts of a record by the result of a JSONata expression, or drops it.
 *
 * Kafka Connect has no such transform. How schemas come about is told at {@link shaped}.
 */
export const expression: Transform<typeof config> = {
  kind: 'transformation',
  name: EXPRESSION,
  version,
  config,
  create({ 'expression': text, 'timeout.ms': timeoutMs }) {
    const evaluate = compileExpression(text, { timeoutMs })
    return {
      apply: () => {
        throw new ConnectError('HR_UNSUPPORTED', 'An expression is applied to batches')
      },
      applyAll: (records) => applyAll(evaluate, records),
    }
  },
}

async function applyAll<R extends ConnectRecord>(
  evaluate: Evaluate,
  records: readonly R[],
): Promise<StepResult<R>[]> {
  const results: StepResult<R>[] = []
  let busySince = Date.now()
  for (const record of records) {
    results.push(await applyOne(evaluate, record))
    if (Date.now() - busySince < BREATH_MS) continue
    // JSONata only ever waits for itself: without this, nothing else would run in the meantime
    await breathe()
    busySince = Date.now()
  }
  return results
}

async function applyOne<R extends ConnectRecord>(evaluate: Evaluate, record: R): Promise<StepResult<R>> {
  try {
    const values = new PlainValues()
    const changes = changesOf(record, await evaluate(inputOf(record, values)), values)
    return { record: changes === null ? null : changedRecord(record, changes) }
  } catch (error) {
    return { error }
  }
}
