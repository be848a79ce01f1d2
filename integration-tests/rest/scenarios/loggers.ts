import { STD, ANYMSG, JACKSON, pick, type MaskRule } from '../conformance/masks.ts'
import type { Scenario } from '../conformance/scenario.ts'
import { GET, PUT, until } from '../conformance/steps.ts'

const J = { 'content-type': 'application/json' }
export const loggersScenarios: readonly Scenario[] = [
  {
    name: 'loggers',
    mask: STD,
    steps: (c) => {
      const L = (x: string) => `/admin/loggers/org.${c.prefix}${x}`
      return [
        GET('/admin/loggers', { mask: [pick('', ['root'])] }),
        GET('/admin/loggers/root'),
        GET(L('.none')),
        PUT(L('.a.b'), { level: 'DEBUG' }),
        GET(L('.a.b')),
        PUT(L('.a.c'), { level: 'warn' }),
        PUT(L('.a'), { level: 'Error' }),
        GET(L('.a.c')),
        GET(L('.a')),
        PUT(L('.a.b'), { level: 'TRACE' }),
        GET('/admin/loggers', { mask: [{ path: '', op: 'own' }] }),
        PUT(L('.a.b'), { level: 'TRACE' }),
        PUT(L('.ab'), { level: 'INFO' }),
        PUT(L('.a'), { level: 'FATAL' }),
        PUT(L('.a.b'), { level: 'OFF' }),
        PUT(L('.a.b'), { level: 'ALL' }),
        GET(L('.a.b')),
        GET(L('.a.b.c')),
      ]
    },
  },
  {
    name: 'loggers-errors',
    mask: STD,
    steps: (c) => {
      const P = `/admin/loggers/org.${c.prefix}`,
        raw = (r: string, mask: readonly MaskRule[] = ANYMSG) =>
          PUT(P, undefined, { raw: r, headers: J, mask })
      return [
        PUT(P, { level: 'LOUD' }),
        PUT(P, {}),
        PUT(P, { level: null }),
        PUT(P, { level: '' }, { mask: ANYMSG }),
        PUT(P, { lvl: 'INFO' }),
        PUT(P, { level: 5 }),
        PUT(P, { level: 'INFO', x: 'y' }),
        raw(''),
        raw('null'),
        raw('[]', JACKSON),
        raw('{'),
        raw('{"level":{}}', JACKSON),
        PUT(P, { level: ' INFO' }),
        PUT(`${P}?scope=cluster`, { level: 'LOUD' }),
        PUT(`${P}?scope=cluster`, {}),
        GET('/admin/loggers/'),
        GET(`${P}x`),
      ].map((s) => (s.path === '/admin/loggers/' ? { ...s, mask: [pick('', ['root'])] } : s))
    },
  },
  {
    name: 'loggers-scope',
    mask: STD,
    steps: (c) => {
      const P = `/admin/loggers/org.${c.prefix}`
      return [
        PUT(`${P}.w?scope=worker`, { level: 'DEBUG' }),
        PUT(`${P}.w?scope=WORKER`, { level: 'INFO' }),
        PUT(`${P}.w?scope=junk`, { level: 'WARN' }),
        PUT(`${P}.w?scope=`, { level: 'ERROR' }),
        PUT(`${P}.c?scope=cluster`, { level: 'DEBUG' }),
        until(GET(`${P}.c`), (b, s) => s === 200 && b.level === 'DEBUG'),
        PUT(`${P}.c?scope=CLUSTER`, { level: 'warn' }),
        until(GET(`${P}.c`), (b, s) => s === 200 && b.level === 'WARN'),
      ]
    },
  },
]
