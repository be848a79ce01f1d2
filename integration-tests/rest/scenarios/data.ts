import { STD } from '../conformance/masks.ts'
import type { Body, FileStep, Place, Scenario } from '../conformance/scenario.ts'
import {
  GET,
  POST,
  PATCH,
  src,
  sink,
  SINK,
  STR,
  JSONC,
  T,
  running,
  until,
  write,
  append,
  fileHas,
  type Config,
} from '../conformance/steps.ts'

const mk = (n: string, cfg: Config) => POST('/connectors', { name: n, config: cfg }, { quiet: true })
const pipe = (c: Place, lines: string, s: Config, k: Config, want: number, o?: Partial<FileStep>) => {
  const f = c.f('in'),
    out = c.f('out'),
    t = c.n('t')
  return [
    write(f, lines),
    mk(c.n('s'), src(f, t, s)),
    mk(c.n('k'), sink(out, t, k)),
    running(c.n('s')),
    running(c.n('k')),
    fileHas(out, want, o),
  ]
}
export const dataScenarios: readonly Scenario[] = [
  {
    name: 'data-plain',
    mask: STD,
    steps: (c) => [
      ...pipe(c, 'first\n\nünïcode ✓\n  spaces  \n', {}, {}, 4),
      append(c.f('in'), 'half'),
      append(c.f('in'), ' line\n'),
      fileHas(c.f('out'), 5),
      append(c.f('in'), 'crlf\r\nlast\n'),
      fileHas(c.f('out'), 7),
    ],
  },
  {
    name: 'data-no-file-yet',
    doc: 'the source waits for its file',
    mask: STD,
    steps: (c) => {
      const f = c.f('late'),
        o = c.f('out'),
        t = c.n('t')
      return [
        mk(c.n('s'), src(f, t)),
        running(c.n('s')),
        mk(c.n('k'), sink(o, t)),
        running(c.n('k')),
        write(f, 'here\n'),
        fileHas(o, 1),
      ]
    },
  },
  {
    name: 'data-batch',
    mask: STD,
    steps: (c) =>
      pipe(
        c,
        `${Array.from({ length: 500 }, (_, i) => `row ${i}`).join('\n')}\n`,
        { 'batch.size': '1000' },
        {},
        500,
      ),
  },
  {
    name: 'data-json-converters',
    doc: 'JsonConverter on both sides: the file sink writes Java toString()',
    mask: STD,
    steps: (c) =>
      pipe(
        c,
        'a "quoted" line\n',
        { 'value.converter': JSONC, 'value.converter.schemas.enable': 'true' },
        { 'value.converter': JSONC, 'value.converter.schemas.enable': 'true' },
        1,
      ),
  },
  {
    name: 'data-json-as-text',
    doc: 'what JsonConverter writes, read as text',
    mask: STD,
    steps: (c) =>
      pipe(c, 'a "q" ü\n', { 'value.converter': JSONC, 'value.converter.schemas.enable': 'true' }, {}, 1),
  },
  {
    name: 'data-json-hoist',
    mask: STD,
    steps: (c) =>
      pipe(
        c,
        'x\ny\n',
        {
          'value.converter': JSONC,
          'value.converter.schemas.enable': 'false',
          'transforms': 'h,i',
          'transforms.h.type': `${T}HoistField$Value`,
          'transforms.h.field': 'line',
          'transforms.i.type': `${T}InsertField$Value`,
          'transforms.i.static.field': 'src',
          'transforms.i.static.value': 'st',
        },
        {},
        2,
      ),
  },
  {
    name: 'data-sink-extract',
    doc: 'JSON text in, ExtractField on the sink',
    mask: STD,
    steps: (c) =>
      pipe(
        c,
        '{"a":1,"b":"two"}\n{"a":null,"b":"x"}\n{"b":"no a"}\n',
        {},
        {
          'value.converter': JSONC,
          'value.converter.schemas.enable': 'false',
          'transforms': 'e',
          'transforms.e.type': `${T}ExtractField$Value`,
          'transforms.e.field': 'b',
        },
        3,
      ),
  },
  {
    name: 'data-json-maps',
    doc: 'Java toString of maps, lists, numbers',
    mask: STD,
    steps: (c) =>
      pipe(
        c,
        '{"a":1}\n[1,2,{"x":null}]\n12\n1.5\ntrue\n"s"\n{"d":1e10}\n{"e":0.1}\n{"big":12345678901}\n',
        {},
        { 'value.converter': JSONC, 'value.converter.schemas.enable': 'false' },
        9,
      ),
  },
  {
    name: 'data-router',
    mask: STD,
    steps: (c) => {
      const f = c.f('in'),
        o = c.f('out'),
        t = c.n('t')
      return [
        write(f, 'r1\nr2\n'),
        mk(
          c.n('s'),
          src(f, t, {
            'transforms': 'r',
            'transforms.r.type': `${T}RegexRouter`,
            'transforms.r.regex': '(.*)-t',
            'transforms.r.replacement': '$1-routed',
          }),
        ),
        mk(c.n('k'), sink(o, c.n('routed'))),
        fileHas(o, 2),
        until(GET(`/connectors/${c.n('s')}/topics`), (b) => Object.values<Body>(b)[0].topics.length > 0),
      ]
    },
  },
  {
    name: 'data-filter',
    mask: STD,
    steps: (c) => {
      const f = c.f('in'),
        o = c.f('out'),
        t = c.n('t')
      return [
        write(f, 'keep\n'),
        mk(c.n('s'), src(f, t)),
        mk(
          c.n('k'),
          sink(o, t, {
            'transforms': 'f',
            'transforms.f.type': `${T}Filter`,
            'transforms.f.predicate': 'p',
            'transforms.f.negate': 'true',
            'predicates': 'p',
            'predicates.p.type': `${T}predicates.TopicNameMatches`,
            'predicates.p.pattern': '.*-t',
          }),
        ),
        running(c.n('k')),
        fileHas(o, 1),
        PATCH(`/connectors/${c.n('k')}/config`, { 'transforms.f.negate': 'false' }),
        until(GET(`/connectors/${c.n('k')}/tasks`), (b) => b[0]?.config['transforms.f.negate'] === 'false'),
        running(c.n('k')),
        append(f, 'drop\n'),
        until(GET(`/connectors/${c.n('k')}/offsets`), (b) => b.offsets?.[0]?.offset.kafka_offset === 2),
        fileHas(o, 1),
      ]
    },
  },
  {
    name: 'data-cast',
    mask: STD,
    steps: (c) =>
      pipe(
        c,
        '12\n-7\n',
        {
          'transforms': 'c',
          'transforms.c.type': `${T}Cast$Value`,
          'transforms.c.spec': 'int32',
          'value.converter': JSONC,
          'value.converter.schemas.enable': 'true',
        },
        {},
        2,
      ),
  },
  {
    name: 'data-dlq',
    doc: 'errors.tolerance=all with a dead letter queue, read back by another sink',
    mask: STD,
    steps: (c) => {
      const f = c.f('in'),
        o = c.f('out'),
        d = c.f('dlq'),
        t = c.n('t'),
        q = c.n('q')
      return [
        write(f, '{"a":1}\nbad\n{"a":2}\nworse {\n'),
        mk(c.n('s'), src(f, t)),
        mk(
          c.n('k'),
          sink(o, t, {
            'value.converter': JSONC,
            'value.converter.schemas.enable': 'false',
            'errors.tolerance': 'all',
            'errors.deadletterqueue.topic.name': q,
            'errors.deadletterqueue.topic.replication.factor': '1',
            'errors.deadletterqueue.context.headers.enable': 'true',
          }),
        ),
        running(c.n('k')),
        fileHas(o, 2),
        mk(c.n('d'), sink(d, q)),
        fileHas(d, 2),
        until(GET(`/connectors/${c.n('k')}/offsets`), (b) => b.offsets?.[0]?.offset.kafka_offset === 4),
        GET(`/connectors/${c.n('k')}/status`),
      ]
    },
  },
  {
    name: 'data-tolerance',
    doc: 'errors.tolerance=all without a queue: bad records are skipped',
    mask: STD,
    steps: (c) => [
      ...pipe(
        c,
        'x\n{"a":1}\ny\n{"a":2}\n',
        {},
        { 'value.converter': JSONC, 'value.converter.schemas.enable': 'false', 'errors.tolerance': 'all' },
        2,
      ),
      GET(`/connectors/${c.n('k')}/status`),
    ],
  },
  {
    name: 'data-topics-regex',
    mask: STD,
    steps: (c) => {
      const f = c.f('in'),
        o = c.f('out')
      return [
        write(f, 'rx\n'),
        mk(c.n('s'), src(f, c.n('rx-1'))),
        until(GET(`/connectors/${c.n('s')}/topics`), (b) => Object.values<Body>(b)[0].topics.length > 0),
        mk(c.n('k'), {
          'connector.class': SINK,
          'file': o,
          'topics.regex': `${c.prefix}-rx-.*`,
          'key.converter': STR,
          'value.converter': STR,
        }),
        running(c.n('k')),
        fileHas(o, 1),
        GET(`/connectors/${c.n('k')}/tasks`),
      ]
    },
  },
  {
    name: 'data-topic-creation',
    mask: STD,
    steps: (c) => {
      const f = c.f('in'),
        o = c.f('out'),
        t = c.n('t')
      return [
        write(f, '1\n2\n3\n'),
        mk(
          c.n('s'),
          src(f, t, {
            'topic.creation.default.partitions': '3',
            'topic.creation.default.replication.factor': '1',
            'topic.creation.default.cleanup.policy': 'delete',
          }),
        ),
        mk(c.n('k'), sink(o, t)),
        running(c.n('s')),
        fileHas(o, 3, { sort: true }),
        GET(`/connectors/${c.n('s')}/tasks`),
      ]
    },
  },
]
