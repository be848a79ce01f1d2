import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
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
/** The event loop is blocked for at most this long plus the time for one record. */
const MAX_BLOCKED_MS = 25

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
    doc: 'JSONata expression. Its input is {key, value, headers, topic, partition, timestamp}. It must return an object with the parts to replace, or null to drop the record.',
  },
  'timeout.ms': {
    type: 'int',
    default: DEFAULT_TIMEOUT_MS,
    validate: between(1, MAX_TIMEOUT_MS),
    importance: 'low',
    doc: 'Maximum time to evaluate the expression for one record, in milliseconds.',
  },
})

/**
 * Replaces parts of a record with the result of a JSONata expression, or drops the record.
 *
 * Kafka Connect has no such transform. A part that still fits its schema keeps it; otherwise a schema is derived from
 * the result.
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
        throw new ConnectError('HR_UNSUPPORTED', 'The Expression transform processes batches; call applyAll')
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
    if (Date.now() - busySince < MAX_BLOCKED_MS) continue
    // JSONata awaits only resolved promises, so without this the event loop would be blocked for the whole batch
    await yieldToEventLoop()
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
