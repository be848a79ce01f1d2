import { STD, AVAILABLE, ANYMSG, JACKSON, type MaskRule } from '../conformance/masks.ts'
import type { Body, Scenario } from '../conformance/scenario.ts'
import {
  GET,
  PUT,
  POST,
  PATCH,
  DELETE,
  src,
  sink,
  SRC,
  SINK,
  running,
  until,
  write,
  fileHas,
} from '../conformance/steps.ts'

const J = { 'content-type': 'application/json' }
export const configScenarios: readonly Scenario[] = [
  {
    name: 'put-config',
    mask: STD,
    steps: (c) => {
      const n = c.n('c'),
        P = `/connectors/${n}/config`
      return [
        PUT(P, src(c.f('none'), c.n('t'))),
        running(n),
        GET(P),
        PUT(P, src(c.f('none'), c.n('t'))),
        PUT(P, src(c.f('none'), c.n('t'), { 'batch.size': '5' })),
        until(GET(`/connectors/${n}/tasks`), (b) => b[0]?.config['batch.size'] === '5'),
        running(n),
        PUT(P, src(c.f('none'), c.n('t'), { name: n })),
        GET(P),
        PUT(P, sink(c.f('out'), c.n('t'))),
        until(
          GET(`/connectors/${n}/status`),
          (b) =>
            b.type === 'sink' &&
            b.connector.state === 'RUNNING' &&
            b.tasks.length === 1 &&
            b.tasks[0].state === 'RUNNING',
        ),
        until(GET(`/connectors/${n}`), (b) => b.type === 'sink'),
        DELETE(`/connectors/${n}`),
      ]
    },
  },
  {
    name: 'put-config-errors',
    mask: [...STD, AVAILABLE],
    steps: (c) => {
      const n = c.n('c'),
        P = `/connectors/${n}/config`,
        raw = (r: string, mask: readonly MaskRule[] = ANYMSG) =>
          PUT(P, undefined, { raw: r, headers: J, mask })
      return [
        PUT(P, {}),
        PUT(P, { name: n }),
        PUT(P, { 'connector.class': SRC }),
        PUT(P, { 'connector.class': SRC, 'topic': 't', 'name': 'other' }),
        PUT(P, { 'connector.class': `y.${n}`, 'topic': 't' }),
        PUT(P, { 'connector.class': SINK }),
        raw(''),
        raw('null'),
        raw('[]', JACKSON),
        raw('{"a":'),
        raw('{"a":{}}', JACKSON),
        raw('1'),
        PUT(P, { name: n, config: { 'connector.class': SRC } }, { mask: JACKSON }),
        GET(P),
        GET(`/connectors/${n}`),
        PUT(`/connectors/%20${n}%20/config`, { 'connector.class': SRC, 'topic': 't', 'name': n }),
        PUT(P, { 'connector.class': SRC, 'topic': 't', 'producer.override.linger.ms': 'x' }),
      ]
    },
  },
  {
    name: 'patch-config',
    mask: STD,
    steps: (c) => {
      const n = c.n('c'),
        P = `/connectors/${n}/config`
      return [
        PATCH(P, { a: 'b' }),
        PUT(P, src(c.f('none'), c.n('t'), { x: '1', y: '2' })),
        running(n),
        PATCH(P, { x: '9', z: '3', y: null }),
        GET(P),
        PATCH(P, {}),
        PATCH(P, { 'tasks.max': '0' }),
        PATCH(P, { topic: null }),
        GET(P),
        PATCH(P, { nothere: null }),
        PATCH(P, { name: 'other' }),
        PATCH(P, { name: null }),
        GET(P),
        PATCH(P, { num: 5, bool: true }),
        PATCH(P, { nested: { a: 1 } }, { mask: JACKSON }),
        PATCH(P, undefined, { raw: '[]', headers: J, mask: JACKSON }),
        PATCH(P, undefined, { raw: 'null', headers: J, mask: ANYMSG }),
        PATCH(P, undefined, { raw: '', headers: J, mask: ANYMSG }),
        PATCH(P, { a: '1' }, { headers: { 'content-type': 'application/merge-patch+json' } }),
        PATCH(P, { 'batch.size': '7' }),
        until(GET(`/connectors/${n}/tasks`), (b) => b[0]?.config['batch.size'] === '7'),
        running(n),
        PATCH(P, { 'connector.class': null }),
        GET(P),
      ]
    },
  },
  {
    name: 'get-404',
    mask: STD,
    steps: (c) => {
      const P = `/connectors/${c.n('none')}`
      return [
        GET(P),
        GET(`${P}/config`),
        GET(`${P}/status`),
        GET(`${P}/tasks`),
        GET(`${P}/tasks-config`),
        GET(`${P}/tasks/0/status`),
        GET(`${P}/tasks/x/status`),
        GET(`${P}/topics`),
        GET(`${P}/offsets`),
        DELETE(P),
        PUT(`${P}/pause`),
        PUT(`${P}/resume`),
        PUT(`${P}/stop`),
        POST(`${P}/restart`),
        POST(`${P}/restart?includeTasks=true`),
        POST(`${P}/restart?onlyFailed=true`),
        POST(`${P}/tasks/0/restart`),
        POST(`${P}/tasks/x/restart`),
        PUT(`${P}/topics/reset`),
        DELETE(`${P}/offsets`),
        PATCH(`${P}/offsets`, { offsets: [{ partition: { a: 1 }, offset: null }] }),
        PATCH(`${P}/offsets`, {}),
        PATCH(`${P}/config`, { a: '1' }),
      ]
    },
  },
  {
    name: 'config-tasks-max',
    mask: STD,
    steps: (c) => {
      const n = c.n('c'),
        P = `/connectors/${n}/config`
      return [
        PUT(P, sink(c.f('out'), c.n('t'), { 'tasks.max': '3' })),
        running(n, 3),
        PATCH(P, { 'tasks.max': '1' }),
        running(n, 1),
        GET(`/connectors/${n}`),
        GET(`/connectors/${n}/tasks/2/status`),
        PATCH(P, { 'tasks.max': '2' }),
        running(n, 2),
        GET(`/connectors/${n}/tasks`),
        POST(`/connectors/${n}/tasks/7/restart`),
        POST(`/connectors/${n}/tasks/1/restart`),
        running(n, 2),
      ]
    },
  },
  {
    name: 'config-provider',
    tags: ['configprovider'],
    mask: STD,
    steps: (c) => {
      const n = c.n('c'),
        P = `/connectors/${n}/config`,
        f = c.f('secrets'),
        I = c.f('in'),
        O = c.f('out')
      return [
        write(f, `topic=${c.n('t')}\nfile=${I}\n`),
        write(I, 'secret line\n'),
        PUT(P, { ...src(I, 'x'), file: `\${file:${f}:file}`, topic: `\${file:${f}:topic}` }),
        running(n),
        GET(P),
        GET(`/connectors/${n}`),
        GET(`/connectors/${n}/tasks`),
        until(GET(`/connectors/${n}/topics`), (b) => Object.values<Body>(b)[0]?.topics.length > 0),
        PUT(`/connectors/${c.n('k')}/config`, sink(O, c.n('t'))),
        fileHas(O, 1),
        PUT(`/connectors/${c.n('u')}/config`, src('${nope:a:b}', c.n('t2'))),
        running(c.n('u')),
        GET(`/connectors/${c.n('u')}/tasks`),
        PUT(
          '/connector-plugins/FileStreamSource/config/validate',
          { 'connector.class': SRC, 'name': 'x', 'topic': `\${file:${f}:topic}` },
          { mask: [{ path: 'configs', op: 'byName', names: ['topic'] }] },
        ),
      ]
    },
  },
]
