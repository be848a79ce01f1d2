import { defineClientTable, unsupported } from './client-setting.ts'

/** SASL settings of all clients. Source: SaslConfigs. */
export const saslTable = defineClientTable({
  'sasl.mechanism': {
    type: 'string',
    default: 'GSSAPI',
    importance: 'medium',
    doc: 'SASL mechanism, such as PLAIN or SCRAM-SHA-512.',
    note: 'PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512 are supported; others are rejected.',
  },
  'sasl.jaas.config': {
    type: 'password',
    default: null,
    importance: 'medium',
    doc: 'Login module with its options, in the format of JAAS files.',
    note: 'Only the options `username` and `password` are used.',
  },
  'sasl.kerberos.service.name': unsupported(
    'string',
    null,
    'medium',
    'Kerberos principal name of the brokers.',
  ),
  'sasl.kerberos.kinit.cmd': unsupported('string', '/usr/bin/kinit', 'low', 'Path of the kinit command.'),
  'sasl.kerberos.ticket.renew.window.factor': unsupported(
    'double',
    0.8,
    'low',
    'Fraction of the ticket lifetime after which the ticket is renewed, from 0 to 1.',
  ),
  'sasl.kerberos.ticket.renew.jitter': unsupported(
    'double',
    0.05,
    'low',
    'Random jitter added to the ticket renewal time, from 0 to 1.',
  ),
  'sasl.kerberos.min.time.before.relogin': unsupported(
    'long',
    60_000,
    'low',
    'Minimum time between logins to Kerberos, in milliseconds.',
  ),
  'sasl.login.refresh.window.factor': unsupported(
    'double',
    0.8,
    'low',
    'Fraction of the credential lifetime after which the credential is refreshed, from 0.5 to 1.',
  ),
  'sasl.login.refresh.window.jitter': unsupported(
    'double',
    0.05,
    'low',
    'Random jitter added to the refresh time of a credential, from 0 to 0.25.',
  ),
  'sasl.login.refresh.min.period.seconds': unsupported(
    'short',
    60,
    'low',
    'Minimum time before a credential is refreshed, in seconds.',
  ),
  'sasl.login.refresh.buffer.seconds': unsupported(
    'short',
    300,
    'low',
    'Time before its expiry by which a credential is refreshed, in seconds.',
  ),
  'sasl.client.callback.handler.class': unsupported(
    'class',
    null,
    'medium',
    'Callback handler class of the SASL client.',
  ),
  'sasl.login.callback.handler.class': unsupported(
    'class',
    null,
    'medium',
    'Callback handler class of the login.',
  ),
  'sasl.login.class': unsupported('class', null, 'medium', 'Login class.'),
  'sasl.login.connect.timeout.ms': unsupported(
    'int',
    null,
    'low',
    'Maximum time to connect to the identity provider, in milliseconds.',
  ),
  'sasl.login.read.timeout.ms': unsupported(
    'int',
    null,
    'low',
    'Maximum time to wait for a response of the identity provider, in milliseconds.',
  ),
  'sasl.login.retry.backoff.max.ms': unsupported(
    'long',
    10_000,
    'low',
    'Maximum backoff between login attempts, in milliseconds.',
  ),
  'sasl.login.retry.backoff.ms': unsupported(
    'long',
    100,
    'low',
    'Initial backoff between login attempts, in milliseconds.',
  ),
})
