import {
  INT32,
  INT64,
  OPTIONAL_BYTES,
  OPTIONAL_STRING,
  STRING,
  struct,
  type ConfigDef,
  type Converter,
  type SchemaAndValue,
} from '../../api/index.ts'
import { converterAcceptance } from '../../testing/index.ts'
import { parseConfig } from '../../config/index.ts'
import { jsonConverter } from '../json/index.ts'
import { byteArrayConverter } from '../primitives/byte-array.ts'
import { stringConverter } from '../primitives/string.ts'

function accepts<D extends ConfigDef>(
  converter: Converter<D>,
  props: Readonly<Record<string, string>>,
  values: readonly SchemaAndValue[],
): void {
  const config = parseConfig(converter.config, { 'converter.type': 'value', ...props })
  converterAcceptance({ converter, config, role: 'value', values })
}

const row = struct({ id: INT64, name: STRING, size: INT32 })
const rows = [
  { id: 1, name: 'one', size: -1 },
  { id: 2n ** 62n, name: 'two "quoted" \u2028', size: 2 ** 31 - 1 },
]

accepts(
  jsonConverter,
  { 'schemas.enable': 'true' },
  rows.map((value) => ({ schema: row, value })),
)
accepts(jsonConverter, { 'schemas.enable': 'false' }, [
  { schema: null, value: { id: 2n ** 62n, list: [1, 'two', null], open: true } },
])
accepts(stringConverter, {}, [
  { schema: OPTIONAL_STRING, value: '' },
  { schema: OPTIONAL_STRING, value: 'grün' },
])
accepts(byteArrayConverter, {}, [{ schema: OPTIONAL_BYTES, value: Buffer.from([0, 255]) }])
