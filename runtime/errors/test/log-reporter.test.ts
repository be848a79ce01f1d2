import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError, type LogFields } from '../../../api/index.ts'
import { silentLogger } from '../../telemetry/index.ts'
import { newErrorCounters } from '../counters.ts'
import { logReporter } from '../log-reporter.ts'

test('the log line of a failed record contains the cause', () => {
  const lines: [string, LogFields | undefined][] = []
  const log = {
    ...silentLogger,
    error: (message: string, fields?: LogFields) => lines.push([message, fields]),
  }
  const error = new ConnectError('HR_DATA_INVALID', 'Converting failed due to serialization error: ', {
    cause: new SyntaxError('Unexpected end of text'),
  })

  void logReporter({ task: 'orders-0', includeMessages: false }, newErrorCounters(), log).report({
    stage: 'VALUE_CONVERTER',
    executingClass: 'c.Converter',
    error,
    record: undefined,
  })

  assert.deepEqual(lines, [
    [
      "Error encountered in task orders-0. Executing stage 'VALUE_CONVERTER' with class 'c.Converter'.",
      { reason: 'Converting failed due to serialization error: Unexpected end of text', err: error },
    ],
  ])
})
