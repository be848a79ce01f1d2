import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unsupportedSettings } from '../unsupported.ts'

const refused: readonly (readonly [
  settings: Readonly<Record<string, string>>,
  key: string,
  reason: RegExp,
])[] = [
  [{ 'plugin.name': 'decoderbufs' }, 'plugin.name', /expected pgoutput.* another slot\.name/],
  [{ 'database.sslfactory': 'my.Factory' }, 'database.sslfactory', /with database\.sslmode/],
  [{ converters: 'isbn' }, 'converters', /use a transform/],
  [
    { 'snapshot.mode': 'custom', 'snapshot.mode.custom.name': 'mine' },
    'snapshot.mode.custom.name',
    /mine cannot be used; use snapshot\.mode configuration_based/,
  ],
  [
    { 'snapshot.query.mode': 'CUSTOM', 'snapshot.query.mode.custom.name': 'mine' },
    'snapshot.query.mode.custom.name',
    /snapshot\.select\.statement\.overrides/,
  ],
  [
    { 'signal.enabled.channels': 'source,jmx' },
    'signal.enabled.channels',
    /channel jmx is not supported, expected source, kafka, file/,
  ],
  [{ 'notification.enabled.channels': 'jmx' }, 'notification.enabled.channels', /metrics/],
  [{ 'openlineage.integration.enabled': 'true' }, 'openlineage.integration.enabled', /expected false/],
  [{ 'transaction.metadata.factory': 'my.Factory' }, 'transaction.metadata.factory', /transform/],
  [{ 'sourceinfo.struct.maker': 'my.Maker' }, 'sourceinfo.struct.maker', /transform/],
  [{ 'post.processors': 'p' }, 'post.processors', /p\.type is not set, expected io\.debezium/],
  [
    { 'column.mask.hash.MD99.with.salt.s': 'a' },
    'column.mask.hash.MD99.with.salt.s',
    /Unknown hash algorithm 'MD99'/,
  ],
]
for (const [settings, key, reason] of refused) {
  test(`${JSON.stringify(settings)} is refused with what to use instead`, () => {
    const faults = unsupportedSettings(settings)
    assert.deepEqual(
      faults.map((fault) => fault.key),
      [key],
    )
    assert.match(faults[0]?.message ?? '', reason)
  })
}

test('defaults, and settings without an effect here, are accepted', () => {
  assert.deepEqual(
    unsupportedSettings({
      'plugin.name': 'PGOUTPUT',
      'database.sslfactory': 'org.postgresql.ssl.NonValidatingFactory',
      'converters': '',
      'snapshot.mode': 'initial',
      'snapshot.mode.custom.name': 'mine',
      'signal.enabled.channels': 'source, kafka,file',
      'notification.enabled.channels': 'sink,log',
      'openlineage.integration.enabled': 'false',
      'memory.management.tables.class': 'my.Storage',
      'column.mask.hash.v2.SHA-256.with.salt.s': 'a',
    }),
    [],
  )
})
