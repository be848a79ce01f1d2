import { parseConfig } from '../../../config/index.ts'
import { jsonConverter } from '../../../converters/json/index.ts'
import { converterContext } from '../../../testing/index.ts'

/** JSON with schemas, whose nulls are not replaced by defaults. */
export const jsonWithSchemas = jsonConverter.create(
  parseConfig(jsonConverter.config, {
    'schemas.enable': 'true',
    'replace.null.with.default': 'false',
    'converter.type': 'value',
  }),
  'value',
  converterContext(),
)
