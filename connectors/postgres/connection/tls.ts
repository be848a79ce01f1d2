import { createPrivateKey } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { ConnectionOptions } from 'node:tls'
import { ConnectError, messageOf } from '../../../api/index.ts'
import type { ConnectionConfig } from './settings.ts'

/** One way to connect: with these options of TLS, or without TLS. */
export type Encryption = ConnectionOptions | false

/** The classes of `database.sslfactory` that have a meaning without Java, and the verification that they ask for. */
const factories: Readonly<Record<string, 'as sslmode' | 'never' | 'public authorities'>> = {
  'org.postgresql.ssl.LibPQFactory': 'as sslmode',
  'org.postgresql.ssl.jdbc4.LibPQFactory': 'as sslmode',
  'org.postgresql.ssl.NonValidatingFactory': 'never',
  'org.postgresql.ssl.DefaultJavaSSLFactory': 'public authorities',
}

/**
 * The ways to connect that `database.sslmode` allows, in order: `prefer` is TLS, then none; `allow` is none, then TLS. As in
 * pgjdbc, only verify-ca and verify-full verify the certificate. Reads the files of the settings. Throws HR_CONFIG_INVALID if
 * one cannot be read.
 */
export function encryptions(config: ConnectionConfig, host: string): readonly Encryption[] {
  const mode = config['database.sslmode']
  if (mode === 'disable' || host.startsWith('/')) return [false]
  const tls = tlsOptions(config, mode)
  if (mode === 'allow') return [false, tls]
  return mode === 'prefer' ? [tls, false] : [tls]
}

function tlsOptions(config: ConnectionConfig, mode: string): ConnectionOptions {
  const name = config['database.sslfactory'] ?? 'org.postgresql.ssl.LibPQFactory'
  const factory = Object.hasOwn(factories, name) ? factories[name] : undefined
  if (factory === undefined) {
    throw invalid(
      'database.sslfactory',
      `${name} is not supported, expected one of ${Object.keys(factories).join(', ')}`,
    )
  }
  const identity = clientIdentity(config)
  if (factory === 'never') return { ...identity, rejectUnauthorized: false }
  const anyName = mode === 'verify-full' ? {} : { checkServerIdentity: () => undefined }
  if (factory === 'public authorities') return { ...identity, rejectUnauthorized: true, ...anyName }
  if (!mode.startsWith('verify-')) return { ...identity, rejectUnauthorized: false }
  return { ...identity, ca: rootCertificates(config), rejectUnauthorized: true, ...anyName }
}

function rootCertificates(config: ConnectionConfig): string {
  const path = config['database.sslrootcert'] ?? ownFile('root.crt')
  if (path === undefined) {
    throw invalid(
      'database.sslrootcert',
      `sslmode ${config['database.sslmode']} needs the certificate of the authority that signed the server's; set its path`,
    )
  }
  return asPem(read('database.sslrootcert', path), 'CERTIFICATE')
}

/** The certificate and key that identify the connector, as pgjdbc reads them: PEM, DER, or both in a PKCS #12 file. */
function clientIdentity(config: ConnectionConfig): ConnectionOptions {
  const passphrase = config['database.sslpassword']?.reveal()
  const secret = passphrase === undefined ? {} : { passphrase }
  const keyPath = config['database.sslkey'] ?? ownFile('postgresql.pk8')
  if (keyPath !== undefined && /\.(?:p12|pfx)$/i.test(keyPath)) {
    return { pfx: read('database.sslkey', keyPath), ...secret }
  }
  const certPath = config['database.sslcert'] ?? ownFile('postgresql.crt')
  if (certPath === undefined || keyPath === undefined) return {}
  const cert = asPem(read('database.sslcert', certPath), 'CERTIFICATE')
  return { cert, key: privateKey(read('database.sslkey', keyPath), passphrase) }
}

function privateKey(bytes: Buffer, passphrase: string | undefined): string {
  const secret = passphrase === undefined ? {} : { passphrase }
  const isPem = bytes.includes('-----BEGIN')
  try {
    const key = isPem
      ? createPrivateKey({ key: bytes, format: 'pem', ...secret })
      : createPrivateKey({ key: bytes, format: 'der', type: 'pkcs8', ...secret })
    return key.export({ format: 'pem', type: 'pkcs8' }).toString()
  } catch (error) {
    throw invalid(
      'database.sslkey',
      `the file is not a private key in PEM or DER (PKCS #8), or database.sslpassword does not open it: ${messageOf(error)}`,
    )
  }
}

function asPem(bytes: Buffer, label: string): string {
  if (bytes.includes('-----BEGIN')) return bytes.toString('latin1')
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}

/** The file that libpq and pgjdbc use without a setting, if it exists. */
function ownFile(name: string): string | undefined {
  const path = join(homedir(), '.postgresql', name)
  return existsSync(path) ? path : undefined
}

function read(setting: string, path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw invalid(setting, `the file cannot be read: ${messageOf(error)}`)
  }
}

function invalid(setting: string, problem: string): ConnectError {
  return new ConnectError('HR_CONFIG_INVALID', `${setting}: ${problem}`, { configKey: setting })
}
