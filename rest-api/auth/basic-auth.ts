import { createHash, timingSafeEqual } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { ConnectError, messageOf, type Logger } from '../../api/index.ts'
import { parseProperties } from '../../config/index.ts'
import { jaasEntry, type LoginModule } from './jaas-file.ts'

/** The only supported REST extension, by full or simple class name. */
const EXTENSION =
  /^(?:org\.apache\.kafka\.connect\.rest\.basic\.auth\.extension\.)?BasicAuthSecurityRestExtension$/
const LOGIN_MODULE =
  /^(?:org\.apache\.kafka\.connect\.rest\.basic\.auth\.extension\.)?PropertyFileLoginModule$/
const ENTRY = 'KafkaConnect'
const JVM_OPTION = /-Djava\.security\.auth\.login\.config=(?:"([^"]*)"|(\S+))/
const FILE_KEY = 'rest.login.config'

/** Passwords by user. When empty, all requests are allowed. */
type Credentials = ReadonlyMap<string, string>

/** Rejects a request without valid credentials; returns true if it has sent a response. */
export type AccessFilter = (request: IncomingMessage, response: ServerResponse) => boolean

/**
 * Creates the filter for `rest.extension.classes`. Requests need a user and password from a property file, except
 * signed requests between workers. Resolves to undefined without extensions.
 *
 * Throws `HR_CONFIG_INVALID` for an unknown extension or an unreadable file.
 * Source: BasicAuthSecurityRestExtension, JaasBasicAuthFilter, PropertyFileLoginModule (KIP-285).
 * Differs: a JAAS file that is missing or has no KafkaConnect entry fails the start of the worker, not each request.
 */
export async function accessFilter(
  extensions: readonly string[],
  loginConfig: string | null,
  env: Readonly<Record<string, string | undefined>>,
  log: Logger,
): Promise<AccessFilter | undefined> {
  const unknown = extensions.find((name) => !EXTENSION.test(name))
  if (unknown !== undefined) {
    const message = `rest.extension.classes: found ${unknown}, expected BasicAuthSecurityRestExtension, the only supported extension`
    throw invalid('rest.extension.classes', message)
  }
  if (extensions.length === 0) return undefined
  const modules = await loginModules(loginConfig ?? fileOfJvm(env))
  const logins = await Promise.all(modules.map((module) => readCredentials(module, log)))
  return (request, response) => {
    if (isInternal(request) || isAllowed(logins, request.headers.authorization)) return false
    response.writeHead(401, { 'content-type': 'text/plain' })
    response.end('User cannot access the resource.')
    return true
  }
}

/** Returns the file that a Java worker with the same environment reads. */
function fileOfJvm({ KAFKA_OPTS = '' }: Readonly<Record<string, string | undefined>>): string {
  const [, quoted, bare] = JVM_OPTION.exec(KAFKA_OPTS) ?? []
  const path = quoted ?? bare
  if (path !== undefined) return path
  const message = `${FILE_KEY} is not set: basic authentication needs a JAAS file, from this setting or from -Djava.security.auth.login.config in KAFKA_OPTS`
  throw invalid(FILE_KEY, message)
}

async function loginModules(path: string): Promise<LoginModule[]> {
  const modules = jaasEntry(await textOf(path, FILE_KEY), ENTRY, FILE_KEY)
  if (modules === undefined || modules.length === 0) {
    throw invalid(FILE_KEY, `${FILE_KEY}: ${path} has no entry ${ENTRY} with a login module`)
  }
  return modules
}

async function readCredentials({ className, options }: LoginModule, log: Logger): Promise<Credentials> {
  if (!LOGIN_MODULE.test(className)) {
    const message = `${FILE_KEY}: found login module ${className}, expected PropertyFileLoginModule, the only supported one`
    throw invalid(FILE_KEY, message)
  }
  const file = options.get('file') ?? ''
  if (file.trim() === '') throw invalid(FILE_KEY, 'Property Credentials file must be specified')
  const entries = parseProperties(await textOf(file, FILE_KEY))
  if (entries.length === 0) log.warn('the credentials file is empty; all requests are allowed', { file })
  return new Map(entries.map(({ key, value }) => [key, value]))
}

async function textOf(path: string, configKey: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new ConnectError('HR_CONFIG_INVALID', `${configKey}: ${messageOf(cause)}`, { cause, configKey })
  }
}

/** Whether a request comes from another worker; such requests are signed instead. */
function isInternal({ method, url = '' }: IncomingMessage): boolean {
  const path = url.split('?', 1)[0] ?? ''
  if (method === 'POST') return /^\/connectors\/[^/]+\/tasks\/?$/.test(path)
  return method === 'PUT' && /^\/connectors\/[^/]+\/fence\/?$/.test(path)
}

function isAllowed(logins: readonly Credentials[], header: string | undefined): boolean {
  const given = credentialsOf(header)
  return logins.some((known) => {
    if (known.size === 0) return true
    const password = given === undefined ? undefined : known.get(given.user)
    return given !== undefined && password !== undefined && isSame(password, given.password)
  })
}

function credentialsOf(header = ''): { readonly user: string; readonly password: string } | undefined {
  const [, scheme = '', encoded = ''] = /^(\S+) (.*)$/.exec(header) ?? []
  if (scheme.toLowerCase() !== 'basic') return undefined
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon <= 0 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) }
}

/** Compares in constant time. */
const isSame = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b))

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

const invalid = (configKey: string, message: string): ConnectError =>
  new ConnectError('HR_CONFIG_INVALID', message, { configKey })
