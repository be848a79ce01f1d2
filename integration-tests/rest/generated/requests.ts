import type { Random } from './random.ts'

/** A request, which may be invalid or malicious. */
export interface GeneratedRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Buffer | undefined
}

const routes = [
  '/',
  '/health',
  '/connectors',
  '/connectors/:name',
  '/connectors/:name/config',
  '/connectors/:name/status',
  '/connectors/:name/tasks',
  '/connectors/:name/tasks/:task/status',
  '/connectors/:name/tasks/:task/restart',
  '/connectors/:name/restart',
  '/connectors/:name/pause',
  '/connectors/:name/resume',
  '/connectors/:name/stop',
  '/connectors/:name/topics',
  '/connectors/:name/topics/reset',
  '/connectors/:name/offsets',
  '/connectors/:name/fence',
  '/connector-plugins',
  '/connector-plugins/:plugin/config',
  '/connector-plugins/:plugin/config/validate',
  '/admin/loggers',
  '/admin/loggers/:name',
  '/headrace/connectors',
  '/headrace/connectors/:name',
  '/headrace/validate',
  '/headrace/preview',
  '/headrace/doctor',
  '/headrace/connectors/:name/doctor',
  '/openapi.json',
  '/docs',
]

const methods = [
  'GET',
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
]
const SOURCE = 'org.apache.kafka.connect.file.FileStreamSourceConnector'
const plugins = [
  'FileStreamSource',
  SOURCE,
  'JsonConverter',
  'Nope',
  'org.apache.kafka.connect.transforms.Cast%24Value',
]
const oddTexts = [
  '',
  ' ',
  '..',
  '%2e%2e',
  '__proto__',
  'constructor',
  'a%20b',
  '%C3%BC',
  '%00',
  '%2F',
  '%ff',
  '%',
  'a;b=c',
  '\'"<script>',
  '${file:/etc/passwd:x}',
  'x'.repeat(3000),
  '%F0%9F%98%80',
  '-1',
  '99999999999999999999',
  '\u{1f600}',
]
const oddBodies = [
  '',
  'null',
  '[]',
  '{}',
  '{',
  '"x"',
  '0',
  'NaN',
  '{"name":',
  '[1,2',
  '{"__proto__":{"polluted":true}}',
  '{"config":{"constructor":{"prototype":1}}}',
  '{"offsets":[{"partition":{"__proto__":1},"offset":null}]}',
  '{"level":"DEBUG"}',
  '{"level":{"a":1}}',
  '{"a":1e999,"b":-0,"c":123456789012345678901234567890}',
  '\ufeff{}',
  '{"a":"\\ud800"}',
  '['.repeat(5000),
  '{"a":'.repeat(3000),
  `{"name":"${'n'.repeat(20_000)}","config":{}}`,
]
const mediaTypes = [
  'application/json',
  'application/json; charset=utf-8',
  'text/plain',
  'application/xml',
  '',
  ';;',
  '*/*',
]
const accepted = ['application/json', '*/*', 'text/html', '', 'application/json;q=0', ';;,']
const queryNames = [
  'expand',
  'includeTasks',
  'onlyFailed',
  'connectorsOnly',
  'version',
  'scope',
  'forward',
  'wait',
  'offsets',
  'x',
]
const queryValues = [
  'true',
  'false',
  'info',
  'status',
  '',
  '1',
  '[1.0,2.0)',
  '[',
  'cluster',
  '%00',
  '%',
  '10ms',
  '__proto__',
  'reset',
]
const settingNames = [
  'name',
  'connector.class',
  'tasks.max',
  'topic',
  'topics',
  'topics.regex',
  'transforms',
  'transforms.a.type',
  'predicates',
  'key.converter',
  'errors.tolerance',
  'producer.override.linger.ms',
  '__proto__',
  'connector.plugin.version',
]
const settingValues = [
  SOURCE,
  'FileStreamSink',
  'x',
  '',
  'a,b',
  '(((((a+)+)+)+)+)+b',
  '[',
  'RegexRouter',
  '-1',
  1,
  true,
  null,
  [],
  { a: 1 },
  '${env:PATH}',
  '${dir:/:x}',
  'JsonConverter',
]

/** Generates requests for all routes. `names` are the connectors that requests may change. */
export function generatedRequest(random: Random, names: readonly string[]): GeneratedRequest {
  const path = pathOf(random, names) + queryOf(random)
  const method = random.pick(methods)
  const body = random.chance(method === 'GET' ? 0.1 : 0.8) ? bodyOf(random, names) : undefined
  return { method, path, headers: headersOf(random), body }
}

function pathOf(random: Random, names: readonly string[]): string {
  if (random.chance(0.05))
    return `/${random.pick(oddTexts)}/${random.pick(oddTexts)}`.replace(/[^\x21-\x7e]/g, '~')
  const text = (known: readonly string[]) => (random.chance(0.6) ? random.pick(known) : random.pick(oddTexts))
  return random
    .pick(routes)
    .replace(':name', () => text(names))
    .replace(':task', () => text(['0', '1', 'x']))
    .replace(':plugin', () => text(plugins))
    .concat(random.chance(0.1) ? random.pick(['/', '//', '/x', ';a=b', '#']) : '')
    .replace(/[^\x21-\x7e]/g, '~') // characters that a client cannot send
}

function queryOf(random: Random): string {
  if (random.chance(0.6)) return ''
  const parts = Array.from(
    { length: 1 + random.below(3) },
    () => `${random.pick(queryNames)}=${random.pick(queryValues)}`,
  )
  return `?${parts.join('&')}`
}

function headersOf(random: Random): Record<string, string> {
  const headers: Record<string, string> = {}
  if (random.chance(0.9))
    headers['content-type'] = random.chance(0.8) ? 'application/json' : random.pick(mediaTypes)
  if (random.chance(0.3)) headers['accept'] = random.pick(accepted)
  if (random.chance(0.05)) headers['x-connect-authorization'] = random.pick(['***', 'AAAA', ''])
  if (random.chance(0.05))
    headers['x-connect-request-signature-algorithm'] = random.pick(['HmacSHA256', 'x', ''])
  if (random.chance(0.05))
    headers['origin'] = random.pick(['http://allowed.example', 'null', 'x'.repeat(500)])
  if (random.chance(0.02)) headers['x-long'] = 'y'.repeat(random.pick([100, 20_000, 60_000]))
  return headers
}

function bodyOf(random: Random, names: readonly string[]): string | Buffer {
  if (random.chance(0.3)) return random.pick(oddBodies)
  if (random.chance(0.05))
    return Buffer.from(Array.from({ length: random.below(300) }, () => random.below(256)))
  const config = settingsOf(random)
  const whole = random.pick<unknown>([
    config,
    { name: random.pick(names), config },
    { name: random.pick(names), config, initial_state: random.pick(['STOPPED', 'paused', 'x', null, 5]) },
    { offsets: [{ partition: config, offset: random.pick<unknown>([null, { position: 1 }, config, 5]) }] },
    { level: random.pick(['INFO', 'x', null, '']) },
    [config],
  ])
  const text = JSON.stringify(whole)
  return random.chance(0.1) ? text.slice(0, random.below(text.length)) : text
}

function settingsOf(random: Random): Record<string, unknown> {
  const count = random.below(6)
  const entries = Array.from({ length: count }, () => [
    random.pick(settingNames),
    random.pick<unknown>(settingValues),
  ])
  return Object.fromEntries(entries) as Record<string, unknown>
}
