import { STD, AVAILABLE, ANYMSG, JACKSON, own, sub, type MaskRule } from '../conformance/masks.ts'
import type { Scenario } from '../conformance/scenario.ts'
import {
  GET,
  PUT,
  POST,
  DELETE,
  src,
  sink,
  SRC,
  SINK,
  JSONC,
  running,
  paused,
  stopped,
  state,
  write,
  gone,
} from '../conformance/steps.ts'

const J = { 'content-type': 'application/json' }
const raw = (r: string, mask: readonly MaskRule[] = ANYMSG) =>
  POST('/connectors', undefined, { raw: r, headers: J, mask })

export const createScenarios: readonly Scenario[] = [
  {
    name: 'create-source',
    mask: STD,
    steps: (c) => {
      const n = c.n('s'),
        f = c.f('in'),
        t = c.n('t')
      return [
        write(f, 'a\nb\n'),
        POST('/connectors', { name: n, config: src(f, t) }),
        running(n),
        GET(`/connectors/${n}`),
        GET(`/connectors/${n}/config`),
        GET(`/connectors/${n}/tasks`),
        GET(`/connectors/${n}/tasks/0/status`),
        GET('/connectors', { mask: [own()] }),
        GET(`/connectors/${n}/tasks/1/status`),
        GET(`/connectors/${n}/tasks/-1/status`),
        GET(`/connectors/${n}/tasks/x/status`),
        GET(`/connectors/${n}/tasks/99999999999/status`),
        GET(`/connectors/${n}/tasks-config`),
        POST('/connectors', { name: n, config: src(f, t) }),
        POST('/connectors', { name: ` ${n} `, config: src(f, t) }),
        DELETE(`/connectors/${n}`),
        gone(n),
        GET(`/connectors/${n}`),
        POST('/connectors', { name: n, config: src(f, t) }),
        running(n),
        DELETE(`/connectors/${n}`),
      ]
    },
  },
  {
    name: 'create-sink',
    mask: STD,
    steps: (c) => {
      const n = c.n('k'),
        f = c.f('out'),
        t = c.n('t')
      return [
        POST('/connectors', { name: n, config: sink(f, t, { 'tasks.max': '2' }) }),
        running(n, 2),
        GET(`/connectors/${n}`),
        GET(`/connectors/${n}/tasks`),
        GET(`/connectors/${n}/tasks/1/status`),
        GET(`/connectors/${n}/tasks-config`),
        DELETE(`/connectors/${n}`),
      ]
    },
  },
  {
    name: 'create-errors',
    mask: [...STD, AVAILABLE],
    steps: (c) => {
      const n = c.n('e')
      return [
        POST('/connectors', { name: n, config: {} }),
        POST('/connectors', { name: n }, { mask: ANYMSG }),
        POST('/connectors', {}, { mask: ANYMSG }),
        POST('/connectors', { name: n, config: null }, { mask: ANYMSG }),
        POST('/connectors', { config: { 'connector.class': SRC, 'topic': 't' } }),
        POST('/connectors', { name: '', config: { 'connector.class': SRC, 'topic': 't' } }),
        POST('/connectors', { name: '   ', config: { 'connector.class': SRC, 'topic': 't' } }),
        POST('/connectors', { name: n, config: { 'connector.class': SRC } }),
        POST('/connectors', { name: n, config: { 'connector.class': SRC, 'topic': 't', 'name': 'other' } }),
        POST('/connectors', { name: n, config: { 'connector.class': SRC, 'topic': 't', 'name': ` ${n} ` } }),
        POST('/connectors', { name: n, config: { 'connector.class': `x.${n}` } }),
        POST('/connectors', { name: n, config: { 'connector.class': SRC, 'topic': 't', 'tasks.max': '0' } }),
        POST('/connectors', {
          name: n,
          config: { 'connector.class': SRC, 'topic': 't', 'tasks.max': 'x', 'errors.tolerance': 'y' },
        }),
        POST('/connectors', { name: n, config: { 'connector.class': SINK } }),
        POST('/connectors', { name: 'a\u0000b', config: { 'connector.class': SRC, 'topic': 't' } }),
        POST('/connectors', { name: n, config: { 'connector.class': null } }),
        POST('/connectors', { name: n, config: { 'connector.class': SRC, 'topic': 't', 'file': null } }),
        POST('/connectors', { name: n, config: { 'connector.class': JSONC } }),
        POST('/connectors', { name: n, config: { 'connector.class': SRC, 'topic': 't', 'transforms': 'a' } }),
        POST('/connectors', {
          name: n,
          config: { 'connector.class': SRC, 'topic': 't', 'key.converter': 'nope.Nope' },
        }),
        GET('/connectors', { mask: [own()] }),
      ]
    },
  },
  {
    name: 'create-bodies',
    mask: STD,
    steps: () => {
      return [
        raw(''),
        raw('null'),
        raw('[]', JACKSON),
        raw('""'),
        raw('{'),
        raw('{"name":'),
        raw('xyz'),
        raw('{"name":"a","config":{},}'),
        raw('{"name":"a","config":[]}', JACKSON),
        raw('{"name":"a","config":"x"}'),
        raw('{"name":{"a":1},"config":{}}', JACKSON),
        raw('{"name":["a"],"config":{}}', JACKSON),
        raw('{"name":"a","foo":1}', JACKSON),
        raw('{"name":"a","config":{},"tasks":[]}', JACKSON),
        raw('{"name":"a","config":{"x":{"y":1}}}', JACKSON),
        raw('{"name":"a","config":{"x":[1]}}', JACKSON),
        raw("{'name':'a'}"),
        raw('{"name":12,"config":{}}', []),
        raw('{"name":"a","config":{}} trailing', []),
        raw('{"name":"a","name":"b","config":{}}', []),
        raw('{"Name":"a","config":{}}', JACKSON),
        raw('\ufeff{"name":"a","config":{}}'),
        raw('{"name":"a","config":{"tasks.max":1,"b":true,"c":1.50,"d":1e3,"e":null}}', [
          sub('message', /\{.*\}/, '{…}'),
        ]),
      ]
    },
  },
  {
    name: 'create-initial-state',
    mask: STD,
    steps: (c) => {
      const f = c.f('in'),
        b = (x: string, s: unknown) => ({ name: c.n(x), config: src(f, c.n('t')), initial_state: s })
      return [
        write(f, 'a\n'),
        POST('/connectors', b('r', 'RUNNING')),
        running(c.n('r')),
        POST('/connectors', b('p', 'PAUSED')),
        paused(c.n('p'), 0),
        POST('/connectors', b('s', 'STOPPED')),
        stopped(c.n('s')),
        GET(`/connectors/${c.n('s')}`),
        GET(`/connectors/${c.n('s')}/tasks`),
        GET(`/connectors/${c.n('s')}/offsets`),
        POST('/connectors', b('l', 'stopped')),
        stopped(c.n('l')),
        POST('/connectors', b('n', null)),
        running(c.n('n')),
        POST('/connectors', b('x', 'FAILED'), { mask: ANYMSG }),
        POST('/connectors', b('x', ''), { mask: ANYMSG }),
        POST('/connectors', b('x', 1), { mask: ANYMSG }),
        GET(`/connectors/${c.n('x')}`),
        PUT(`/connectors/${c.n('s')}/resume`),
        running(c.n('s')),
        PUT(`/connectors/${c.n('p')}/resume`),
        running(c.n('p')),
      ]
    },
  },
  {
    name: 'create-values',
    doc: 'JSON numbers and booleans become strings; padding kept',
    mask: STD,
    steps: (c) => {
      const n = c.n('v')
      return [
        POST('/connectors', undefined, {
          raw: JSON.stringify({
            name: n,
            config: {
              'connector.class': 'FileStreamSource',
              'tasks.max': 1,
              'topic': c.n('t'),
              'file': c.f('none'),
              'my.number': 0,
              'my.bool': true,
              'my.extra': ' padded ',
              'ünï': '✓',
              'batch.size': 10,
            },
          }).replace('"my.number":0', '"my.number":1.50,"my.exp":1e3'),
          headers: J,
        }),
        state(n, 'RUNNING', 1),
        GET(`/connectors/${n}/config`),
        GET(`/connectors/${n}/tasks`),
        GET(`/connectors/${n}`),
        PUT(`/connectors/${n}/config`, undefined, {
          raw: JSON.stringify({
            'connector.class': 'FileStreamSource',
            'topic': c.n('t'),
            'n': 5,
            'b': false,
          }),
          headers: J,
        }),
        GET(`/connectors/${n}/config`),
      ]
    },
  },
  {
    name: 'create-forward-param',
    mask: STD,
    steps: (c) => {
      const n = c.n('f')
      return [
        POST('/connectors?forward=false', { name: n, config: src(c.f('none'), c.n('t')) }),
        running(n),
        PUT(`/connectors/${n}/config?forward=true`, src(c.f('none'), c.n('t'))),
        POST(`/connectors/${n}/restart?forward=false`),
        POST('/connectors?foo=bar', { name: n, config: src(c.f('none'), c.n('t')) }),
        POST('/connectors?forward=junk', { name: n, config: src(c.f('none'), c.n('t')) }),
        DELETE(`/connectors/${n}?forward=false`),
      ]
    },
  },
  {
    name: 'expand',
    mask: STD,
    steps: (c) => {
      const a = c.n('a'),
        b = c.n('b')
      return [
        POST('/connectors', { name: a, config: src(c.f('none'), c.n('t')) }),
        POST('/connectors', { name: b, config: sink(c.f('out'), c.n('t2')) }),
        running(a),
        running(b),
        GET('/connectors', { mask: [own()] }),
        GET('/connectors?expand=status', { mask: [own()] }),
        GET('/connectors?expand=info', { mask: [own()] }),
        GET('/connectors?expand=status&expand=info', { mask: [own()] }),
        GET('/connectors?expand=info&expand=status&expand=foo', { mask: [own()] }),
        GET('/connectors?expand=foo', { mask: [own()] }),
        GET('/connectors?expand=', { mask: [own()] }),
        GET('/connectors?expand', { mask: [own()] }),
        GET('/connectors?expand=STATUS', { mask: [own()] }),
        GET('/connectors?expand=status,info', { mask: [own()] }),
        GET('/connectors?foo=status', { mask: [own()] }),
      ]
    },
  },
]
