import type { Logger } from '../../../api/index.ts'
import type { CaptureRules } from '../config/capture-rules.ts'
import type { PostgresConfig } from '../config/definition.ts'
import { placeholderBytes } from '../config/start-checks.ts'
import type { ValueSettings } from '../values/settings.ts'

/** Returns the settings that decide how values are converted. */
export function valueSettings(config: PostgresConfig, rules: CaptureRules, log: Logger): ValueSettings {
  return {
    timePrecisionMode: config['time.precision.mode'],
    decimalMode: config['decimal.handling.mode'],
    binaryMode: config['binary.handling.mode'],
    hstoreMode: config['hstore.handling.mode'],
    intervalMode: config['interval.handling.mode'],
    moneyFractionDigits: config['money.fraction.digits'],
    placeholder: placeholderBytes(config),
    includeUnknownDatatypes: config['include.unknown.datatypes'],
    convertingFailureMode: config['event.converting.failure.handling.mode'],
    now: Date.now,
    warn: (message) => log.warn(message),
    maskOf: (table, column) => rules.columnChange(table, column.name),
    propagatesSourceType: (table, column, type) => rules.propagatesSourceType(table, column.name, type.name),
  }
}
