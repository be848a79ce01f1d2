import { STD, own } from '../conformance/masks.ts'
import type { Place, Scenario } from '../conformance/scenario.ts'
import {
  GET,
  PUT,
  POST,
  PATCH,
  DELETE,
  enc,
  src,
  running,
  gone,
  until,
  stopped,
} from '../conformance/steps.ts'

const life = (n: string, c: Place) => {
  const P = `/connectors/${enc(n)}`
  return [
    POST('/connectors', { name: n, config: src(c.f('none'), c.n('t')) }),
    running(n),
    GET(P),
    GET(`${P}/config`),
    GET(`${P}/tasks`),
    GET(`${P}/tasks/0/status`),
    GET('/connectors', { mask: [own()] }),
    PUT(`${P}/stop`),
    stopped(n),
    GET(`${P}/offsets`),
    DELETE(P),
    gone(n),
  ]
}
export const namesScenarios: readonly Scenario[] = [
  { name: 'name-space', mask: STD, steps: (c) => life(c.n('a b'), c) },
  { name: 'name-unicode', mask: STD, steps: (c) => life(c.n('ünï-日本-✓'), c) },
  { name: 'name-symbols', mask: STD, steps: (c) => life(c.n(`q?x=1&y#z+w;v,'"(!)*@:$[]{}|<>^~=`), c) },
  {
    name: 'name-percent',
    doc: 'a name with a percent sign cannot be reached by its URL (%25 is rejected); left STOPPED in the cluster',
    mask: STD,
    steps: (c) => {
      const n = c.n('p%41'),
        P = `/connectors/${enc(n)}`
      return [
        POST('/connectors', { name: n, config: src(c.f('none'), c.n('t')), initial_state: 'STOPPED' }),
        until(GET('/connectors', { mask: [own()] }), (b) => b.includes(n)),
        GET(P, { statusOnly: true }),
        PUT(`${P}/pause`, undefined, { statusOnly: true }),
        DELETE(P, { statusOnly: true }),
        GET(`/connectors/${n}`),
        GET(`/connectors/${c.n('p%zz')}`, { statusOnly: true }),
        GET('/connectors/%', { statusOnly: true }),
      ]
    },
  },
  {
    name: 'name-slash',
    doc: 'a name with a slash cannot be reached by its URL; left STOPPED in the cluster',
    mask: STD,
    steps: (c) => {
      const n = c.n('a/b'),
        P = `/connectors/${enc(n)}`
      return [
        POST('/connectors', { name: n, config: src(c.f('none'), c.n('t')), initial_state: 'STOPPED' }),
        until(GET('/connectors', { mask: [own()] }), (b) => b.includes(n)),
        until(GET('/connectors?expand=info', { mask: [own()] }), (b) => n in b),
        GET(P, { statusOnly: true }),
        GET(`${P}/config`, { statusOnly: true }),
        GET(`/connectors/${n}`, {}),
        GET(`/connectors/${enc(enc(n))}`, { statusOnly: true }),
        DELETE(P, { statusOnly: true }),
      ]
    },
  },
  {
    name: 'name-long',
    mask: STD,
    steps: (c) => {
      const n = c.n('x'.repeat(200)),
        P = `/connectors/${n}`
      return [
        PUT(`${P}/config`, src(c.f('none'), c.n('t'))),
        running(n),
        GET(P),
        DELETE(P),
        gone(n),
        GET(`/connectors/${'y'.repeat(3000)}`),
      ]
    },
  },
  {
    name: 'name-case-plus',
    doc: 'names are case sensitive; + in a path is a plus',
    mask: STD,
    steps: (c) => [
      PUT(`/connectors/${c.n('A+b')}/config`, src(c.f('none'), c.n('t'))),
      running(c.n('A+b')),
      GET(`/connectors/${c.n('a+b')}`),
      GET(`/connectors/${c.n('A+b')}/config`),
      GET(`/connectors/${c.n('A%2Bb')}/config`),
      GET(`/connectors/${c.n('A%20b')}/config`),
      DELETE(`/connectors/${c.n('A+b')}`),
    ],
  },
  {
    name: 'name-put-encoded',
    mask: STD,
    steps: (c) => {
      const n = c.n('e é')
      return [
        PUT(`/connectors/${enc(n)}/config`, src(c.f('none'), c.n('t'))),
        running(n),
        PUT(`/connectors/${enc(n)}/config`, src(c.f('none'), c.n('t'), { name: n })),
        PATCH(`/connectors/${enc(n)}/config`, { x: 'y' }),
        PUT(`/connectors/${enc(n)}/pause`),
        PUT(`/connectors/${enc(n)}/resume`),
        POST(`/connectors/${enc(n)}/restart`),
        GET(`/connectors/${enc(n)}/topics`),
      ]
    },
  },
]
