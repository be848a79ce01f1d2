/** Writes a table with all types in many ways. Argument: the folder. Prints the names of the files. */
export const writeWithPyarrow = `
import sys, datetime as dt, decimal
import pyarrow as pa, pyarrow.parquet as pq

folder = sys.argv[1]
D = decimal.Decimal
at = dt.datetime(2024, 2, 29, 12, 34, 56, 789123)
old = dt.datetime(1903, 1, 2, 3, 4, 5, 6007)
moment = lambda unit, zone=None: pa.array([at, None, old] * 700, pa.timestamp(unit, zone))
pair = pa.struct([('n', pa.int32()), ('t', pa.string())])
columns = {
    'i8': pa.array([127, None, -128] * 700, pa.int8()),
    'u8': pa.array([255, None, 0] * 700, pa.uint8()),
    'i16': pa.array([32767, None, -32768] * 700, pa.int16()),
    'u16': pa.array([65535, None, 0] * 700, pa.uint16()),
    'i32': pa.array([2147483647, None, -2147483648] * 700, pa.int32()),
    'u32': pa.array([4294967295, None, 0] * 700, pa.uint32()),
    'i64': pa.array([9223372036854775807, None, -5] * 700, pa.int64()),
    'u64': pa.array([18446744073709551615, None, 0] * 700, pa.uint64()),
    'f16': pa.array([1.5, None, -0.25] * 700, pa.float32()).cast(pa.float16()),
    'f32': pa.array([1.5, None, float('inf')] * 700, pa.float32()),
    'f64': pa.array([0.1, None, -0.0] * 700, pa.float64()),
    'flag': pa.array([True, None, False] * 700),
    'text': pa.array(['\\u00fc\\U0001F600', None, ''] * 700),
    'raw': pa.array([b'\\x00\\xff', None, b''] * 700, pa.binary()),
    'fixed': pa.array([b'abcd', None, b'\\x00\\x01\\x02\\x03'] * 700, pa.binary(4)),
    'day': pa.array([dt.date(2024, 2, 29), None, dt.date(1969, 12, 31)] * 700),
    'time_ms': pa.array([dt.time(12, 34, 56, 789000), None, dt.time(0)] * 700, pa.time32('ms')),
    'time_us': pa.array([dt.time(12, 34, 56, 789123), None, dt.time(0)] * 700, pa.time64('us')),
    'time_ns': pa.array([dt.time(12, 34, 56, 789123), None, dt.time(0)] * 700, pa.time64('ns')),
    'ts_us': moment('us'),
    'ts_ns': moment('ns'),
    'ts_zone': moment('us', 'Europe/Berlin'),
    'dec9': pa.array([D('1234567.89'), None, D('-0.01')] * 700, pa.decimal128(9, 2)),
    'dec18': pa.array([D('123456789012345.678'), None, D('-0.001')] * 700, pa.decimal128(18, 3)),
    'dec38': pa.array([D('1234567890123456789012345678.0123456789'), None, D('-1')] * 700, pa.decimal128(38, 10)),
    'chosen': pa.array(['red', None, 'blue'] * 700).dictionary_encode(),
    'numbers': pa.array([[1, None, 3], None, []] * 700, pa.list_(pa.int64())),
    'matrix': pa.array([[[1], [], None, [2, 3]], None, [[]]] * 700, pa.list_(pa.list_(pa.int32()))),
    'pair': pa.array([{'n': 1, 't': 'a'}, None, {'n': None, 't': None}] * 700, pair),
    'pairs': pa.array([[{'n': 1, 't': 'a'}, None], None, [{'n': 2, 't': None}]] * 700, pa.list_(pair)),
    'map': pa.array([[('a', [1]), ('b', None)], None, []] * 700, pa.map_(pa.string(), pa.list_(pa.int32()))),
    'days': pa.array([[(1, {'n': 5, 't': 'x'})], None, []] * 700, pa.map_(pa.int32(), pair)),
}
table = pa.table({**columns, 'row': pa.array(range(2100), pa.int32())})
plain = table.select([n for n in table.column_names if n not in ('f16', 'ts_ns', 'time_ns')])
deltas = {'i32': 'DELTA_BINARY_PACKED', 'i64': 'DELTA_BINARY_PACKED', 'text': 'DELTA_BYTE_ARRAY',
          'raw': 'DELTA_LENGTH_BYTE_ARRAY', 'f64': 'BYTE_STREAM_SPLIT', 'f32': 'BYTE_STREAM_SPLIT'}
ways = {
    'default': {},
    'v2-pages': dict(data_page_version='2.0', compression='zstd'),
    'v2-pages-snappy': dict(data_page_version='2.0', data_page_size=2000, use_dictionary=False),
    'no-dictionary': dict(use_dictionary=False, compression='none'),
    'small-pages': dict(data_page_size=1000, dictionary_pagesize_limit=64, compression='gzip', row_group_size=500),
    'deltas': dict(use_dictionary=False, column_encoding=deltas, compression='brotli'),
    'deltas-v2': dict(use_dictionary=False, column_encoding=deltas, data_page_version='2.0', compression='lz4'),
    'decimals-as-integers': dict(store_decimal_as_integer=True, write_statistics=False),
    'checksums': dict(write_page_checksum=True, write_page_index=True),
}
for name, options in ways.items():
    pq.write_table(table, f'{folder}/{name}.parquet', **options)
    print(name)
pq.write_table(plain, f'{folder}/int96.parquet', use_deprecated_int96_timestamps=True)
pq.write_table(plain, f'{folder}/old-version.parquet', version='1.0', use_compliant_nested_type=False)
print('int96')
print('old-version')
`

/** Writes a file with DuckDB. Argument: the file. */
export const writeWithDuckdb = `
import sys, duckdb
duckdb.sql(f"""
COPY (SELECT range::BIGINT AS id, 'text ' || range AS text, (range / 4)::DECIMAL(12, 2) AS price,
  DATE '2024-01-01' + range::INT AS day, TIMESTAMP '2024-01-01 00:00:00.5' AS moment, TIME '01:02:03.004' AS time,
  uuid '00112233-4455-6677-8899-aabbccddeeff' AS uuid, [range, NULL] AS list, {{'a': range % 2 = 0}} AS struct,
  map {{'k': range}} AS map, range::UTINYINT AS small
FROM range(0, 200)) TO '{sys.argv[1]}' (FORMAT parquet, ROW_GROUP_SIZE 2048, COMPRESSION zstd)
""")
`

/** Prints what pyarrow and DuckDB read, as JSON; of many rows only some. Arguments: the files. */
export const readWithOthers = `
import sys, json, datetime, decimal
import pyarrow as pa, pyarrow.parquet as pq, duckdb

def plain(value):
    if isinstance(value, dict): return {k: plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)): return [plain(v) for v in value]
    if isinstance(value, bytes): return 'hex:' + value.hex()
    if isinstance(value, decimal.Decimal): return 'decimal:' + str(value)
    if isinstance(value, datetime.datetime):
        return 'moment:' + value.astimezone(datetime.timezone.utc).strftime('%Y-%m-%dT%H:%M:%S.%f')
    if isinstance(value, (datetime.date, datetime.time)): return type(value).__name__ + ':' + value.isoformat()
    return value

result = {}
for file in sys.argv[1:]:
    arrow = pq.ParquetFile(file)
    table = arrow.read()
    duck = duckdb.sql(f"SELECT * FROM '{file}'")
    duck_rows = duck.fetchall()
    count = table.num_rows
    picked = range(count) if count <= 2 else [0, 1, 30000, 30001, count - 1]
    result[file] = {
        'types': {f.name: str(f.type).replace(f" ('{f.name}')", '') + ('' if f.nullable else ' required') for f in table.schema},
        'duckTypes': dict(zip(duck.columns, [str(t) for t in duck.types])),
        'rows': [plain(row) for row in table.take(pa.array(picked)).to_pylist()],
        'duckRows': [plain(dict(zip(duck.columns, duck_rows[at]))) for at in picked],
        'counts': [count, len(duck_rows)],
        'rowGroups': arrow.metadata.num_row_groups,
        'metadata': {k.decode(): v.decode() for k, v in (arrow.metadata.metadata or {}).items()},
    }
print(json.dumps(result))
`
