import { PLUGVER, sub, STD } from '../conformance/masks.ts'
import type { Scenario } from '../conformance/scenario.ts'
import { GET, PUT, enc, T, JSONC, STR, SRC } from '../conformance/steps.ts'

const DEF = [...STD, PLUGVER]
const VERS = [sub('message', /available versions: .*/, 'available versions: …')]
export const pluginsScenarios: readonly Scenario[] = [
  {
    name: 'plugins-list',
    mask: STD,
    steps: () => [
      GET('/connector-plugins', { compare: 'plugins' }),
      GET('/connector-plugins?connectorsOnly=true', { compare: 'plugins' }),
      GET('/connector-plugins?connectorsOnly=false', { compare: 'plugins' }),
      GET('/connector-plugins?connectorsOnly=FALSE', { compare: 'plugins' }),
      GET('/connector-plugins?connectorsOnly=junk', { compare: 'plugins' }),
      GET('/connector-plugins?connectorsOnly=', { compare: 'plugins' }),
    ],
  },
  {
    name: 'plugin-config-connectors',
    mask: DEF,
    steps: () => [
      GET('/connector-plugins/FileStreamSource/config'),
      GET('/connector-plugins/FileStreamSink/config'),
      GET(`/connector-plugins/${SRC}/config`),
      GET('/connector-plugins/FileStreamSinkConnector/config'),
    ],
  },
  {
    name: 'plugin-config-converters',
    mask: DEF,
    steps: () => [
      GET(`/connector-plugins/${JSONC}/config`),
      GET('/connector-plugins/JsonConverter/config'),
      GET(`/connector-plugins/${STR}/config`),
      GET('/connector-plugins/org.apache.kafka.connect.converters.ByteArrayConverter/config'),
      GET('/connector-plugins/org.apache.kafka.connect.storage.SimpleHeaderConverter/config'),
      GET('/connector-plugins/org.apache.kafka.connect.converters.IntegerConverter/config'),
      GET('/connector-plugins/Json/config'),
    ],
  },
  {
    name: 'plugin-config-transforms',
    mask: DEF,
    steps: () => [
      ...[
        'Cast$Value',
        'ExtractField$Key',
        'InsertField$Value',
        'MaskField$Value',
        'RegexRouter',
        'ReplaceField$Value',
        'TimestampConverter$Value',
        'TimestampRouter',
        'Filter',
        'Flatten$Key',
        'HoistField$Value',
        'HeaderFrom$Value',
        'DropHeaders',
        'InsertHeader',
        'SetSchemaMetadata$Key',
        'ValueToKey',
      ].map((x) => GET(`/connector-plugins/${enc(T + x)}/config`)),
      ...['HasHeaderKey', 'RecordIsTombstone', 'TopicNameMatches'].map((x) =>
        GET(`/connector-plugins/${T}predicates.${x}/config`),
      ),
    ],
  },
  {
    name: 'plugin-config-aliases',
    mask: DEF,
    steps: () => [
      GET('/connector-plugins/RegexRouter/config'),
      GET('/connector-plugins/Cast%24Value/config'),
      GET('/connector-plugins/Cast/config'),
      GET('/connector-plugins/Value/config'),
      GET('/connector-plugins/TopicNameMatches/config'),
      GET('/connector-plugins/StringConverter/config'),
      GET('/connector-plugins/String/config'),
    ],
  },
  {
    name: 'plugin-config-errors',
    mask: STD,
    steps: () => [
      GET('/connector-plugins/Nope/config'),
      GET('/connector-plugins/org.example.Nope/config'),
      GET('/connector-plugins/filestreamsource/config'),
      GET('/connector-plugins/%20/config'),
      GET('/connector-plugins/FileStreamSource'),
      PUT('/connector-plugins/FileStreamSource/config', {}),
      GET('/connector-plugins/org.apache.kafka.common.config.provider.FileConfigProvider/config'),
    ],
  },
  {
    name: 'plugin-config-version',
    tags: ['later'],
    doc: 'KIP-891 version query',
    mask: STD,
    steps: () => [
      GET('/connector-plugins/RegexRouter/config?version=latest'),
      GET('/connector-plugins/RegexRouter/config?version=1.0.0', { mask: VERS }),
      GET('/connector-plugins/Nope/config?version=1.0'),
      GET('/connector-plugins/RegexRouter/config?version=%5B4.0%2C5.0)'),
      GET('/connector-plugins/RegexRouter/config?version=junk%5B', { mask: VERS }),
    ],
  },
]
