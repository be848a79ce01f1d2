import { STD, own } from '../conformance/masks.ts'
import type { Scenario } from '../conformance/scenario.ts'
import { GET, POST, OPTIONS } from '../conformance/steps.ts'

const keep = [
  'access-control-allow-origin',
  'access-control-allow-methods',
  'access-control-allow-credentials',
  'access-control-allow-headers',
  'access-control-max-age',
  'access-control-expose-headers',
  'vary',
]
const O = (o: string, h: Readonly<Record<string, string>> = {}) => ({
  headers: { origin: o, ...h },
  keep,
  sortHeaders: ['access-control-allow-methods', 'access-control-allow-headers'],
})
export const headersScenarios: readonly Scenario[] = [
  {
    name: 'cors',
    tags: ['cors'],
    mask: STD,
    steps: () => [
      GET('/', { keep }),
      GET('/', O('http://allowed.example')),
      GET('/', O('http://other.example')),
      GET('/', O('http://ALLOWED.example')),
      GET('/nope', O('http://allowed.example')),
      POST('/connectors', {}, { ...O('http://allowed.example'), mask: [{ path: 'message', op: 'present' }] }),
      OPTIONS('/connectors', O('http://allowed.example', { 'access-control-request-method': 'POST' })),
      OPTIONS('/connectors', O('http://allowed.example', { 'access-control-request-method': 'DELETE' })),
      OPTIONS('/connectors', O('http://other.example', { 'access-control-request-method': 'POST' })),
      OPTIONS('/connectors', O('http://allowed.example')),
      OPTIONS(
        '/connectors',
        O('http://allowed.example', {
          'access-control-request-method': 'PUT',
          'access-control-request-headers': 'content-type',
        }),
      ),
      OPTIONS(
        '/connectors',
        O('http://allowed.example', {
          'access-control-request-method': 'PUT',
          'access-control-request-headers': 'x-secret',
        }),
      ),
    ],
  },
  {
    name: 'response-headers',
    tags: ['headers'],
    mask: STD,
    steps: () =>
      ['/', '/connectors', '/nope', '/health', '/admin/loggers/root'].map((p) =>
        GET(p, { keep: ['x-conformance', 'x-second'], mask: p === '/connectors' ? [own()] : [] }),
      ),
  },
]
