import { clientTables } from './table/index.ts'

const socketBuffers = 'the operating system sizes socket buffers'
const recovery = 'clients always fall back to bootstrap.servers when no known broker responds'
const javaTls = 'specific to the TLS implementation of Java'
const otherLogins = 'only PLAIN and SCRAM are supported, with the user name and password of sasl.jaas.config'

/** Settings of all clients that have no effect, with the reason. They include settings of users' Java classes. */
const reasons: readonly (readonly [RegExp, string])[] = [
  [/^(send|receive)\.buffer\.bytes$/, socketBuffers],
  [/^connections\.max\.idle\.ms$/, 'idle connections stay open until the broker closes them'],
  [/^socket\.connection\.setup\.timeout\.max\.ms$/, 'the connection timeout does not grow'],
  [/^metadata\.recovery\./, recovery],
  [/^client\.dns\.lookup$/, 'all addresses of a broker are tried'],
  [/^ssl\.protocol$/, 'ssl.enabled.protocols selects the versions'],
  [/^ssl\.(provider|(key|trust)manager\.algorithm|secure\.random\.implementation|engine\..*)$/, javaTls],
  [/^sasl\.(?!mechanism$|jaas\.config$)/, otherLogins],
]

/** Returns why a client setting has no effect; undefined for most settings, which need no explanation. */
export function reasonWithoutEffect(key: string): string | undefined {
  return reasons.find(([pattern]) => pattern.test(key))?.[1]
}

/**
 * Names of the top-level worker settings that are settings of the worker's own clients, whether or not they have an
 * effect.
 */
export const workerClientSettings: readonly string[] = Object.entries(clientTables.admin)
  .filter(([name, { ignored }]) => ignored === undefined || reasonWithoutEffect(name) !== undefined)
  .map(([name]) => name)
