import { STD, INFOS, AVAILABLE, ANYMSG, JACKSON, only } from '../conformance/masks.ts'
import type { HttpOptions, Scenario } from '../conformance/scenario.ts'
import { PUT, enc, T, SRC, SINK, STR, JSONC } from '../conformance/steps.ts'

const V = (p: string, b: unknown, o?: HttpOptions) =>
  PUT(`/connector-plugins/${enc(p)}/config/validate`, b, o)
const VS = (b: unknown, ...names: string[]) => V('FileStreamSource', b, { mask: only(...names) })
const VK = (b: unknown, ...names: string[]) => V('FileStreamSink', b, { mask: only(...names) })
export const validateScenarios: readonly Scenario[] = [
  {
    name: 'validate-full',
    doc: 'complete ConfigInfos, in order',
    mask: INFOS,
    steps: (c) => [
      V('FileStreamSource', {
        'name': c.n('v'),
        'connector.class': 'FileStreamSource',
        'topic': 't',
        'file': '/tmp/x',
      }),
      V('FileStreamSink', {
        'name': c.n('v'),
        'connector.class': 'FileStreamSink',
        'topics': 't',
        'file': '/tmp/x',
      }),
      V(SRC, { 'name': c.n('v'), 'connector.class': SRC, 'topic': 't' }),
      V('FileStreamSinkConnector', { 'connector.class': 'FileStreamSinkConnector' }),
    ],
  },
  {
    name: 'validate-class-match',
    mask: [
      ...STD,
      { path: '', op: 'pick', keys: ['name', 'error_count', 'groups', 'error_code', 'message'] },
      AVAILABLE,
    ],
    steps: (c) => {
      const b = (k: string | null) => ({
        'name': c.n('v'),
        'connector.class': k,
        'topic': 't',
        'file': 'f',
        'topics': 't',
      })
      return [
        V('FileStreamSource', b(SRC)),
        V(SRC, b('FileStreamSource')),
        V('FileStreamSourceConnector', b(SRC)),
        V('FileStreamSource', b('FileStreamSink')),
        V('FileStreamSink', b(SRC)),
        V('Source', b(SRC)),
        V('Nope', b(`x.${c.n('Nope')}`)),
        V(c.n('Nope'), b(`x.${c.n('Nope')}`)),
        V(c.n('Nope'), b(`x.${c.n('Nope')}`)),
        V('Nope', b(SRC)),
        V('FileStreamSource', { name: 'x' }),
        V('FileStreamSource', {}),
        V('FileStreamSource', b('')),
        V('FileStreamSource', b(null)),
        V('JsonConverter', b(JSONC)),
        V('Nope', { name: 'x' }),
        V('filestreamsource', b('filestreamsource')),
        V('FileStreamSource', { ...b(SRC), 'connector.class': ` ${SRC} ` }),
      ]
    },
  },
  {
    name: 'validate-bodies',
    mask: STD,
    steps: () => [
      V('FileStreamSource', undefined, {
        raw: '',
        headers: { 'content-type': 'application/json' },
        mask: ANYMSG,
      }),
      V('FileStreamSource', undefined, {
        raw: 'null',
        headers: { 'content-type': 'application/json' },
        mask: ANYMSG,
      }),
      V('FileStreamSource', undefined, {
        raw: '[]',
        headers: { 'content-type': 'application/json' },
        mask: JACKSON,
      }),
      V('FileStreamSource', undefined, {
        raw: '{',
        headers: { 'content-type': 'application/json' },
        mask: ANYMSG,
      }),
      V('FileStreamSource', undefined, {
        raw: '"x"',
        headers: { 'content-type': 'application/json' },
        mask: ANYMSG,
      }),
      V('FileStreamSource', { 'connector.class': SRC, 'topic': { a: 1 } }, { mask: JACKSON }),
      V('FileStreamSource', { 'connector.class': SRC, 'topic': ['a'] }, { mask: JACKSON }),
      V('FileStreamSource', undefined, { mask: ANYMSG }),
    ],
  },
  {
    name: 'validate-missing',
    mask: INFOS,
    steps: (c) => [
      VS({ 'connector.class': SRC }, 'name', 'topic', 'file'),
      VS({ 'connector.class': SRC, 'name': '', 'topic': '' }, 'name', 'topic'),
      VS({ 'connector.class': SRC, 'name': null, 'topic': 'x' }, 'name'),
      VS({ 'connector.class': SRC, 'name': c.n('x'), 'topic': null }, 'topic'),
      VK({ 'connector.class': SINK, 'name': c.n('x') }, 'topics', 'topics.regex', 'file'),
      VK({ 'connector.class': SINK, 'name': c.n('x'), 'topics': '' }, 'topics', 'topics.regex'),
      VK(
        { 'connector.class': SINK, 'name': c.n('x'), 'topics': 'a', 'topics.regex': 'b.*' },
        'topics',
        'topics.regex',
      ),
      VK({ 'connector.class': SINK, 'name': c.n('x'), 'topics.regex': 'b.*' }, 'topics', 'topics.regex'),
      VK({ 'connector.class': SINK, 'name': c.n('x'), 'topics.regex': '[' }, 'topics', 'topics.regex'),
      VK({ 'connector.class': SINK, 'name': c.n('x'), 'topics': 'a,b , c' }, 'topics'),
      VK({ 'connector.class': SINK, 'name': c.n('x'), 'topics': 'a,,b,' }, 'topics'),
      VK({ 'connector.class': SINK, 'name': c.n('x'), 'topics': 'a,a' }, 'topics'),
    ],
  },
  {
    name: 'validate-types',
    mask: INFOS,
    steps: (c) => {
      const b = (o: Readonly<Record<string, unknown>>) => ({
        'connector.class': SRC,
        'name': c.n('x'),
        'topic': 't',
        ...o,
      })
      return [
        VS(b({ 'tasks.max': 'x' }), 'tasks.max'),
        VS(b({ 'tasks.max': '0' }), 'tasks.max'),
        VS(b({ 'tasks.max': '-1' }), 'tasks.max'),
        VS(b({ 'tasks.max': '1.5' }), 'tasks.max'),
        VS(b({ 'tasks.max': ' 3 ' }), 'tasks.max'),
        VS(b({ 'tasks.max': '99999999999' }), 'tasks.max'),
        VS(b({ 'tasks.max': 3 }), 'tasks.max'),
        VS(b({ 'tasks.max': true }), 'tasks.max'),
        VS(b({ 'tasks.max': '' }), 'tasks.max'),
        VS(b({ 'tasks.max': '+5' }), 'tasks.max'),
        VS(b({ 'tasks.max': null }), 'tasks.max'),
        VS(b({ 'batch.size': '0' }), 'batch.size'),
        VS(b({ 'batch.size': 'abc' }), 'batch.size'),
        VS(b({ 'errors.log.enable': 'yes' }), 'errors.log.enable'),
        VS(b({ 'errors.log.enable': 'TRUE' }), 'errors.log.enable'),
        VS(b({ 'errors.log.enable': '' }), 'errors.log.enable'),
        VS(b({ 'errors.tolerance': 'ALL' }), 'errors.tolerance'),
        VS(b({ 'errors.tolerance': 'some' }), 'errors.tolerance'),
        VS(b({ 'errors.retry.timeout': '-1' }), 'errors.retry.timeout'),
        VS(b({ 'errors.retry.delay.max.ms': '1e3' }), 'errors.retry.delay.max.ms'),
        VS(b({ 'config.action.reload': 'RESTART' }), 'config.action.reload'),
        VS(b({ 'config.action.reload': 'never' }), 'config.action.reload'),
        VS(b({ 'tasks.max.enforce': 'maybe' }), 'tasks.max.enforce'),
        VK(
          {
            'connector.class': SINK,
            'name': c.n('x'),
            'topics': 't',
            'errors.deadletterqueue.topic.replication.factor': '99999',
          },
          'errors.deadletterqueue.topic.replication.factor',
        ),
      ]
    },
  },
  {
    name: 'validate-names',
    mask: INFOS,
    steps: () => [
      VS({ 'connector.class': SRC, 'name': 'a b/c', 'topic': 't' }, 'name'),
      VS({ 'connector.class': SRC, 'name': 'a\u0007b', 'topic': 't' }, 'name'),
      VS({ 'connector.class': SRC, 'name': 'a\nb\r', 'topic': 't' }, 'name'),
      VS({ 'connector.class': SRC, 'name': '  pad  ', 'topic': 't' }, 'name'),
      VS({ 'connector.class': SRC, 'name': 'ünï', 'topic': 't' }, 'name'),
      VS({ 'connector.class': SRC, 'name': 'x'.repeat(300), 'topic': 't' }, 'name'),
      VS({ 'connector.class': SRC, 'name': '\u0085', 'topic': 't' }, 'name'),
    ],
  },
  {
    name: 'validate-converters',
    mask: INFOS,
    steps: (c) => {
      const b = (o: Readonly<Record<string, unknown>>) => ({
        'connector.class': SRC,
        'name': c.n('x'),
        'topic': 't',
        ...o,
      })
      return [
        VS(
          b({ 'key.converter': STR }),
          'key.converter',
          'key.converter.converter.encoding',
          'key.converter.converter.type',
          'key.converter.plugin.version',
        ),
        VS(b({ 'value.converter': 'JsonConverter' }), 'value.converter', 'value.converter.schemas.enable'),
        VS(
          b({ 'value.converter': JSONC, 'value.converter.schemas.enable': 'maybe' }),
          'value.converter',
          'value.converter.schemas.enable',
        ),
        VS(
          b({ 'value.converter': JSONC, 'value.converter.schemas.cache.size': '-3' }),
          'value.converter.schemas.cache.size',
        ),
        VS(
          b({ 'value.converter': JSONC, 'value.converter.decimal.format': 'weird' }),
          'value.converter.decimal.format',
        ),
        VS(b({ 'value.converter': 'Nope' }), 'value.converter'),
        VS(b({ 'value.converter': SRC }), 'value.converter'),
        VS(b({ 'header.converter': 'SimpleHeaderConverter' }), 'header.converter'),
        VS(b({ 'header.converter': SRC }), 'header.converter'),
        VS(b({ 'key.converter': '' }), 'key.converter'),
        VS(b({ 'key.converter': 'org.apache.kafka.connect.storage.Converter' }), 'key.converter'),
        VS(
          b({ 'value.converter.schemas.enable': 'maybe' }),
          'value.converter',
          'value.converter.schemas.enable',
        ),
        VS(b({ 'header.converter': JSONC }), 'header.converter', 'header.converter.schemas.enable'),
      ]
    },
  },
  {
    name: 'validate-converter-order',
    doc: 'the complete response with converter settings: their positions and groups',
    mask: INFOS,
    steps: (c) => [
      V('FileStreamSource', {
        'connector.class': SRC,
        'name': c.n('x'),
        'topic': 't',
        'key.converter': STR,
        'value.converter': JSONC,
        'header.converter': 'org.apache.kafka.connect.storage.SimpleHeaderConverter',
      }),
    ],
  },
  {
    name: 'validate-transforms-ok',
    mask: INFOS,
    steps: (c) => [
      V('FileStreamSource', {
        'connector.class': SRC,
        'name': c.n('x'),
        'topic': 't',
        'transforms': 'a, b',
        'transforms.a.type': 'RegexRouter',
        'transforms.a.regex': 'x(.*)',
        'transforms.a.replacement': 'y$1',
        'transforms.b.type': `${T}InsertField$Value`,
        'transforms.b.static.field': 'f',
        'transforms.b.static.value': 'v',
      }),
      VS(
        {
          'connector.class': SRC,
          'name': c.n('x'),
          'topic': 't',
          'transforms': 'h',
          'transforms.h.type': `${T}HoistField$Value`,
          'transforms.h.field': 'line',
        },
        'transforms',
        'transforms.h.type',
        'transforms.h.field',
        'transforms.h.predicate',
        'transforms.h.negate',
        'transforms.h.plugin.version',
      ),
      VS(
        { 'connector.class': SRC, 'name': c.n('x'), 'topic': 't', 'transforms.ghost.type': 'RegexRouter' },
        'transforms',
        'transforms.ghost.type',
      ),
    ],
  },
  {
    name: 'validate-transforms-errors',
    mask: INFOS,
    steps: (c) => {
      const b = (o: Readonly<Record<string, unknown>>) => ({
          'connector.class': SRC,
          'name': c.n('x'),
          'topic': 't',
          ...o,
        }),
        N = ['transforms', 'transforms.a.type']
      return [
        VS(b({ transforms: 'a' }), ...N),
        VS(b({ 'transforms': 'a', 'transforms.a.type': 'Nope' }), ...N),
        VS(b({ 'transforms': 'a', 'transforms.a.type': SRC }), ...N),
        VS(b({ 'transforms': 'a', 'transforms.a.type': `${T}Cast` }), ...N),
        VS(b({ 'transforms': 'a', 'transforms.a.type': `${T}InsertField` }), ...N),
        VS(b({ 'transforms': 'a,a', 'transforms.a.type': 'Filter' }), ...N),
        VS(b({ 'transforms': 'a,,b', 'transforms.a.type': 'Filter' }), 'transforms'),
        VS(b({ transforms: '' }), 'transforms'),
        VS(
          b({ 'transforms': 'a', 'transforms.a.type': 'RegexRouter' }),
          ...N,
          'transforms.a.regex',
          'transforms.a.replacement',
        ),
        VS(
          b({
            'transforms': 'a',
            'transforms.a.type': 'RegexRouter',
            'transforms.a.regex': '(',
            'transforms.a.replacement': 'x',
          }),
          ...N,
          'transforms.a.regex',
        ),
        VS(
          b({ 'transforms': 'a', 'transforms.a.type': `${T}Cast$Value`, 'transforms.a.spec': 'f:int99' }),
          'transforms.a.spec',
        ),
        VS(
          b({ 'transforms': 'a', 'transforms.a.type': `${T}Cast$Value`, 'transforms.a.spec': '' }),
          'transforms.a.spec',
        ),
        VS(
          b({ 'transforms': 'a', 'transforms.a.type': 'Filter', 'transforms.a.predicate': 'nope' }),
          'transforms.a.predicate',
          'predicates',
        ),
        VS(
          b({ 'transforms': 'a', 'transforms.a.type': 'Filter', 'transforms.a.negate': 'true' }),
          'transforms.a.negate',
          'transforms.a.predicate',
        ),
        VS(
          b({ 'transforms': 'a', 'transforms.a.type': 'Filter', 'transforms.a.negate': 'perhaps' }),
          'transforms.a.negate',
        ),
        VS(
          b({
            'transforms': 'a',
            'transforms.a.type': `${T}TimestampConverter$Value`,
            'transforms.a.target.type': 'moon',
          }),
          'transforms.a.target.type',
          'transforms.a.format',
        ),
        VS(
          b({ 'transforms': 'a', 'transforms.a.type': `${T}MaskField$Value`, 'transforms.a.fields': '' }),
          'transforms.a.fields',
        ),
        VS(
          b({
            'transforms': 'a',
            'transforms.a.type': `${T}HeaderFrom$Value`,
            'transforms.a.fields': 'x',
            'transforms.a.headers': 'y',
            'transforms.a.operation': 'MOVE',
          }),
          'transforms.a.operation',
        ),
        VS(b({ 'transforms': 'a', 'transforms.a.type': `${T}predicates.RecordIsTombstone` }), ...N),
      ]
    },
  },
  {
    name: 'validate-predicates',
    mask: INFOS,
    steps: (c) => {
      const b = (o: Readonly<Record<string, unknown>>) => ({
          'connector.class': SRC,
          'name': c.n('x'),
          'topic': 't',
          'transforms': 'f',
          'transforms.f.type': 'Filter',
          'transforms.f.predicate': 'p',
          ...o,
        }),
        N = ['predicates', 'predicates.p.type', 'transforms.f.predicate']
      return [
        V(
          'FileStreamSource',
          b({ 'predicates': 'p', 'predicates.p.type': 'TopicNameMatches', 'predicates.p.pattern': 'a.*' }),
        ),
        VS(
          b({ 'predicates': 'p', 'predicates.p.type': 'TopicNameMatches', 'predicates.p.pattern': '[' }),
          ...N,
          'predicates.p.pattern',
        ),
        VS(b({ 'predicates': 'p', 'predicates.p.type': 'TopicNameMatches' }), ...N, 'predicates.p.pattern'),
        VS(b({ predicates: 'p' }), ...N),
        VS(b({ 'predicates': 'p', 'predicates.p.type': 'Nope' }), ...N),
        VS(b({ 'predicates': 'p', 'predicates.p.type': 'RegexRouter' }), ...N),
        VS(b({ 'predicates': 'p,p', 'predicates.p.type': 'RecordIsTombstone' }), ...N),
        VS(
          b({ 'predicates': 'p', 'predicates.p.type': 'HasHeaderKey', 'predicates.p.name': '' }),
          ...N,
          'predicates.p.name',
        ),
        VS(b({ 'predicates': 'q', 'predicates.q.type': 'RecordIsTombstone' }), ...N, 'predicates.q.type'),
      ]
    },
  },
  {
    name: 'validate-overrides',
    mask: [...INFOS],
    steps: (c) => {
      const S = { 'connector.class': SRC, 'name': c.n('x'), 'topic': 't' },
        K = { 'connector.class': SINK, 'name': c.n('x'), 'topics': 't' }
      return [
        VS({ ...S, 'producer.override.acks': 'all' }, 'producer.override.acks'),
        VS({ ...S, 'producer.override.acks': 'most' }, 'producer.override.acks'),
        VS(
          { ...S, 'producer.override.linger.ms': 'abc', 'producer.override.batch.size': '16384' },
          'producer.override.linger.ms',
          'producer.override.batch.size',
        ),
        VS({ ...S, 'producer.override.not.a.key': 'x' }, 'producer.override.not.a.key'),
        VS({ ...S, 'consumer.override.max.poll.records': 'abc' }, 'consumer.override.max.poll.records'),
        VS({ ...S, 'admin.override.retries': 'abc' }, 'admin.override.retries'),
        VS(
          {
            ...S,
            'topic.creation.default.partitions': '1',
            'topic.creation.default.replication.factor': '1',
            'admin.override.retries': 'abc',
          },
          'admin.override.retries',
        ),
        VK({ ...K, 'consumer.override.max.poll.records': '10' }, 'consumer.override.max.poll.records'),
        VK({ ...K, 'consumer.override.max.poll.records': '0' }, 'consumer.override.max.poll.records'),
        VK({ ...K, 'consumer.override.auto.offset.reset': 'newest' }, 'consumer.override.auto.offset.reset'),
        VK({ ...K, 'producer.override.acks': 'most' }, 'producer.override.acks'),
        VK(
          { ...K, 'producer.override.acks': 'most', 'errors.deadletterqueue.topic.name': 'd' },
          'producer.override.acks',
        ),
        VK(
          { ...K, 'admin.override.retries': '-2', 'errors.deadletterqueue.topic.name': 'd' },
          'admin.override.retries',
        ),
        VK({ ...K, 'consumer.override.group.id': 'g1' }, 'consumer.override.group.id'),
      ]
    },
  },
  {
    name: 'validate-sink-dlq',
    mask: INFOS,
    steps: (c) => {
      const K = { 'connector.class': SINK, 'name': c.n('x') }
      return [
        VK(
          { ...K, 'topics': 'a,d', 'errors.deadletterqueue.topic.name': 'd' },
          'topics',
          'errors.deadletterqueue.topic.name',
        ),
        VK(
          { ...K, 'topics.regex': 'd.*', 'errors.deadletterqueue.topic.name': 'dlq' },
          'topics.regex',
          'errors.deadletterqueue.topic.name',
          'topics',
        ),
        VK(
          { ...K, 'topics': 'a', 'errors.deadletterqueue.topic.name': 'd' },
          'topics',
          'errors.deadletterqueue.topic.name',
        ),
        VK(
          { ...K, 'topics': 'a', 'errors.deadletterqueue.context.headers.enable': '1' },
          'errors.deadletterqueue.context.headers.enable',
        ),
        VK(
          { ...K, 'topics': 'a', 'errors.deadletterqueue.topic.replication.factor': 'x' },
          'errors.deadletterqueue.topic.replication.factor',
        ),
      ]
    },
  },
  {
    name: 'validate-source-eos',
    mask: INFOS,
    steps: (c) => {
      const S = { 'connector.class': SRC, 'name': c.n('x'), 'topic': 't', 'file': '/tmp/f' }
      return [
        VS({ ...S, 'exactly.once.support': 'required' }, 'exactly.once.support'),
        VS({ ...S, 'exactly.once.support': 'REQUESTED' }, 'exactly.once.support'),
        VS({ ...S, 'exactly.once.support': 'never' }, 'exactly.once.support'),
        VS({ ...S, 'transaction.boundary': 'connector' }, 'transaction.boundary'),
        VS(
          { ...S, 'transaction.boundary': 'INTERVAL', 'transaction.boundary.interval.ms': '-5' },
          'transaction.boundary',
          'transaction.boundary.interval.ms',
        ),
        VS({ ...S, 'transaction.boundary': 'x' }, 'transaction.boundary'),
        VS({ ...S, 'offsets.storage.topic': '' }, 'offsets.storage.topic'),
        VS({ ...S, 'topic.creation.groups': 'a,a' }, 'topic.creation.groups'),
        VS(
          {
            ...S,
            'topic.creation.default.partitions': '0',
            'topic.creation.default.replication.factor': 'x',
          },
          'topic.creation.groups',
          'topic.creation.default.partitions',
        ),
      ]
    },
  },
]
