import { STD } from '../conformance/masks.ts'
import type { Body, Scenario } from '../conformance/scenario.ts'
import {
  GET,
  PUT,
  POST,
  PATCH,
  DELETE,
  src,
  sink,
  running,
  until,
  write,
  append,
  fileHas,
  gone,
  type Config,
} from '../conformance/steps.ts'

const mk = (n: string, cfg: Config) => POST('/connectors', { name: n, config: cfg }, { quiet: true })
const topics = (n: string, k = 1) =>
  until(
    GET(`/connectors/${n}/topics`, { mask: [{ path: '*.topics', op: 'sort' }] }),
    (b) => Object.values<Body>(b)[0]?.topics.length === k,
  )
export const topicsScenarios: readonly Scenario[] = [
  {
    name: 'topics',
    mask: STD,
    steps: (c) => {
      const n = c.n('s'),
        k = c.n('k'),
        f = c.f('in'),
        o = c.f('out'),
        t = c.n('t')
      return [
        write(f, 'x\n'),
        mk(n, src(f, t)),
        mk(k, sink(o, t)),
        running(n),
        topics(n),
        topics(k),
        PUT(`/connectors/${n}/topics/reset`),
        topics(n, 0),
        append(f, 'y\n'),
        topics(n),
        PUT(`/connectors/${k}/topics/reset`, {}),
        DELETE(`/connectors/${n}`),
        gone(n),
        topics(n, 0),
        GET(`/connectors/${c.n('none')}/topics`),
        PUT(`/connectors/${c.n('none')}/topics/reset`),
        GET(`/connectors/${k}/topics/`),
        DELETE(`/connectors/${k}/topics`),
      ]
    },
  },
  {
    name: 'topics-several',
    mask: STD,
    steps: (c) => {
      const n = c.n('s'),
        k = c.n('k'),
        f = c.f('in'),
        g = c.f('in2'),
        o = c.f('out'),
        t = c.n('ta'),
        u = c.n('tb')
      return [
        write(f, 'x\n'),
        write(g, 'y\n'),
        mk(n, src(f, t)),
        mk(c.n('s2'), src(g, u)),
        topics(n),
        topics(c.n('s2')),
        mk(k, sink(o, `${t},${u}`)),
        fileHas(o, 2, { sort: true }),
        topics(k, 2),
        PATCH(`/connectors/${n}/config`, { topic: c.n('tc') }),
        until(GET(`/connectors/${n}/tasks`), (b) => b[0]?.config.topic === c.n('tc')),
        running(n),
        append(f, 'z\n'),
        topics(n, 2),
      ]
    },
  },
]
