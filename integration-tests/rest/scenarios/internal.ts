import { STD, ANYMSG, sub } from '../conformance/masks.ts'
import type { Scenario } from '../conformance/scenario.ts'
import { GET, POST, PUT, src, running, type Config } from '../conformance/steps.ts'

const mk = (n: string, cfg: Config) => POST('/connectors', { name: n, config: cfg }, { quiet: true })
const sig = (s: string, a: string | null = 'HmacSHA256') => ({
  headers: {
    'content-type': 'application/json',
    'X-Connect-Authorization': s,
    ...(a ? { 'X-Connect-Request-Signature-Algorithm': a } : {}),
  },
})
export const internalScenarios: readonly Scenario[] = [
  {
    name: 'internal-signature',
    doc: 'requests between workers need a signature (sessioned protocol)',
    mask: STD,
    steps: (c) => {
      const n = c.n('s'),
        P = `/connectors/${n}`,
        S = Buffer.alloc(32).toString('base64')
      return [
        mk(n, src(c.f('none'), c.n('t'))),
        running(n),
        POST(`${P}/tasks`, []),
        PUT(`${P}/fence`),
        POST(`${P}/tasks`, undefined, { raw: '[]', ...sig(S) }),
        PUT(`${P}/fence`, undefined, sig(S)),
        POST(`${P}/tasks`, undefined, { raw: '[]', ...sig(S, null) }),
        POST(`${P}/tasks`, undefined, {
          raw: '[]',
          ...sig(S, 'HmacMD5'),
          mask: [sub('message', /algorithms: .*|\[.*\]/, '[…]')],
        }),
        POST(`${P}/tasks`, undefined, { raw: '[]', ...sig(S, 'nope'), mask: ANYMSG }),
        POST(`${P}/tasks`, undefined, { raw: '[]', ...sig('***'), mask: ANYMSG }),
        POST(`${P}/tasks`, undefined, { raw: 'junk', ...sig(S), mask: ANYMSG }),
        POST(`/connectors/${c.n('none')}/tasks`, []),
        POST(`${P}/tasks`, undefined, { raw: '[]', headers: { 'content-type': 'text/plain' }, mask: ANYMSG }),
        GET(`${P}/fence`),
        PUT(`${P}/tasks`, []),
      ]
    },
  },
]
