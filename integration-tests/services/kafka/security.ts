import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { join } from 'node:path'
import forge from 'node-forge'
import { workFolder } from '../processes/index.ts'

export type LoginMechanism = 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512'

/** Certificates and users of a cluster that authenticates its clients. */
export interface Security {
  /** PEM key store with the key and certificate of the brokers. */
  readonly keyStore: string
  /** Users in the format of StorageTool. */
  readonly scramUsers: readonly string[]
  serverProps(keyStoreFile: string): Record<string, string>
  clientProps(mechanism: LoginMechanism): Record<string, string>
}

const user = 'connect'
const password = 'test-password'
const plainModule = 'org.apache.kafka.common.security.plain.PlainLoginModule required'
const scramModule = 'org.apache.kafka.common.security.scram.ScramLoginModule required'

/** Creates a certificate for brokers at a host, and the settings of brokers and clients to use it. */
export function brokerSecurity(host: string): Security {
  const { key, certificate } = makeCertificate(host)
  const trustStore = join(workFolder('certificates'), 'truststore.pem')
  writeFileSync(trustStore, certificate)
  return {
    keyStore: key + certificate,
    scramUsers: ['SCRAM-SHA-256', 'SCRAM-SHA-512'].map(
      (mechanism) => `${mechanism}=[name=${user},password=${password}]`,
    ),
    serverProps: (keyStoreFile) => ({
      'listener.name.client.sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
      'listener.name.client.plain.sasl.jaas.config': `${plainModule} user_${user}="${password}";`,
      'listener.name.client.scram-sha-256.sasl.jaas.config': `${scramModule};`,
      'listener.name.client.scram-sha-512.sasl.jaas.config': `${scramModule};`,
      'listener.name.client.ssl.keystore.type': 'PEM',
      'listener.name.client.ssl.keystore.location': keyStoreFile,
    }),
    clientProps: (mechanism) => ({
      'security.protocol': 'SASL_SSL',
      'sasl.mechanism': mechanism,
      'sasl.jaas.config': `${mechanism === 'PLAIN' ? plainModule : scramModule} username="${user}" password="${password}";`,
      'ssl.truststore.type': 'PEM',
      'ssl.truststore.location': trustStore,
    }),
  }
}

/** Creates a self-signed certificate that is valid for one day, and its private key. */
export function makeCertificate(host: string): { key: string; certificate: string } {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  const certificate = forge.pki.createCertificate()
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKey)
  certificate.serialNumber = '01'
  certificate.validity.notBefore = new Date(Date.now() - 60 * 60 * 1000)
  certificate.validity.notAfter = new Date(Date.now() + 24 * 60 * 60 * 1000)
  const name = [{ name: 'commonName', value: 'headrace tests' }]
  certificate.setSubject(name)
  certificate.setIssuer(name)
  certificate.setExtensions([
    { name: 'basicConstraints', cA: true },
    { name: 'subjectAltName', altNames: [isIP(host) ? { type: 7, ip: host } : { type: 2, value: host }] },
  ])
  certificate.sign(forge.pki.privateKeyFromPem(privateKey), forge.md.sha256.create())
  return { key: privateKey, certificate: forge.pki.certificateToPem(certificate) }
}
