import { defineConfig, rule, type ConfigKey } from '../../../../api/index.ts'
import { inGroup, int, secret, text } from '../../../shared/setting-rules.ts'
import { connectionSettings } from '../../config/settings/connection.ts'
import { refused } from '../../config/settings/rules.ts'
import { tlsSettingsWith } from '../../config/settings/security.ts'
import { alwaysFalse } from './always-false.ts'

const NO_ROLES = 'roles of AWS are not supported; use aws.access_key_id and aws.secret_access_key'

/** TLS settings that Aiven's connector does not have. */
const notOfAiven = /certificate|keystore\.key|provider|factory|manager|random/

function tlsSettings() {
  const tls = tlsSettingsWith('connection.')
  const marked = Object.entries<ConfigKey>(tls).map(([name, setting]) => [
    name,
    notOfAiven.test(name) ? { ...setting, extension: true } : setting,
  ])
  return Object.fromEntries(marked) as typeof tls
}

/** Source: OpenSearchSinkConnectorConfig.addSslConfig. */
export const tlsOfConnection = inGroup('TLS Configuration for HTTPS', {
  ...tlsSettings(),
  ...defineConfig({
    'connection.trust.all.certificates': {
      ...alwaysFalse(
        'certificates are always checked; add that of the server to connection.ssl.truststore.location',
      ),
      importance: 'low',
      doc: 'Whether certificates are not checked. Not supported.',
    },
  }),
})

const narrow = { importance: 'medium', width: 'short' } as const

/** Source: OpenSearchBasicAuthConfigDefContributor. */
export const loginSettings = inGroup(
  'Basic Authentication',
  defineConfig({
    'connection.username': connectionSettings['connection.username'],
    'connection.password': connectionSettings['connection.password'],
  }),
  0,
)

/** Source: OpenSearchSigV4ConfigDefContributor. */
export const awsSettings = {
  ...inGroup(
    'AWS Access',
    defineConfig({
      'aws.access_key_id': {
        ...text,
        default: null,
        ...narrow,
        displayName: 'Access Key Id',
        doc: 'Access key of AWS. With it, requests are signed (Signature Version 4).',
      },
      'aws.secret_access_key': {
        ...secret,
        default: null,
        ...narrow,
        displayName: 'Secret Access Key',
        doc: 'Secret of the access key.',
      },
    }),
    0,
  ),
  ...inGroup(
    'AWS STS Access',
    defineConfig({
      'aws.sts.role.arn': {
        ...text,
        default: null,
        validate: refused(NO_ROLES),
        importance: 'medium',
        doc: 'Role to assume. Not supported.',
      },
      'aws.sts.role.session.name': {
        ...text,
        default: null,
        validate: refused(NO_ROLES),
        importance: 'medium',
        doc: 'Name of the sessions of the role. Not supported.',
      },
      'aws.sts.role.session.duration': {
        ...int,
        default: 3600,
        validate: rule('[3600]', (value) => (value === 3600 ? undefined : NO_ROLES)),
        importance: 'medium',
        doc: 'Duration of the sessions of the role in seconds. Not supported.',
      },
      'aws.sts.role.external.id': {
        ...text,
        default: null,
        validate: refused(NO_ROLES),
        importance: 'medium',
        doc: 'External ID of the role. Not supported.',
      },
    }),
  ),
  ...inGroup(
    'AWS Sig4 Authentication',
    defineConfig({
      'aws.region': {
        ...text,
        default: null,
        ...narrow,
        displayName: 'AWS Region',
        examples: ['eu-central-1'],
        doc: 'Region of the service. Required with an access key.',
      },
      'aws.service.signing.name': {
        ...text,
        default: null,
        ...narrow,
        displayName: 'AWS Service Signing Name',
        examples: ['es', 'aoss'],
        doc: 'Name of the service in signatures. Required with an access key.',
      },
    }),
    0,
  ),
}
