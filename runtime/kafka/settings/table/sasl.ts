import { defineClientTable, unsupported } from './client-setting.ts'

/** SASL settings of all clients. Source: SaslConfigs. */
export const saslTable = defineClientTable({
  'sasl.mechanism': {
    type: 'string',
    default: 'GSSAPI',
    importance: 'medium',
    doc: 'SASL mechanism, such as PLAIN or SCRAM-SHA-512.',
    note: 'Supported are PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512; others are refused.',
  },
  'sasl.jaas.config': {
    type: 'password',
    default: null,
    importance: 'medium',
    doc: 'Login module with its options, in the format of JAAS files.',
    note: 'The options `username` and `password` are used.',
  },
  'sasl.kerberos.service.name': unsupported(
    'string',
    null,
    'medium',
    'Name under which brokers are known to Kerberos.',
  ),
  'sasl.kerberos.kinit.cmd': unsupported('string', '/usr/bin/kinit', 'low', 'Path of the kinit command.'),
  'sasl.kerberos.ticket.renew.window.factor': unsupported(
    'double',
    0.8,
    'low',
    "Part of a ticket's life after which it is renewed, from 0 to 1.",
  ),
  'sasl.kerberos.ticket.renew.jitter': unsupported(
    'double',
    0.05,
    'low',
    'Random part of the time at which a ticket is renewed, from 0 to 1.',
  ),
  'sasl.kerberos.min.time.before.relogin': unsupported(
    'long',
    60_000,
    'low',
    'Shortest time between two logins to Kerberos, in milliseconds.',
  ),
  'sasl.login.refresh.window.factor': unsupported(
    'double',
    0.8,
    'low',
    "Part of a credential's life after which it is renewed, from 0.5 to 1.",
  ),
  'sasl.login.refresh.window.jitter': unsupported(
    'double',
    0.05,
    'low',
    'Random part of the time at which a credential is renewed, from 0 to 0.25.',
  ),
  'sasl.login.refresh.min.period.seconds': unsupported(
    'short',
    60,
    'low',
    'Shortest time before a credential is renewed, in seconds.',
  ),
  'sasl.login.refresh.buffer.seconds': unsupported(
    'short',
    300,
    'low',
    'Time before its end at which a credential is renewed at the latest, in seconds.',
  ),
  'sasl.client.callback.handler.class': unsupported(
    'class',
    null,
    'medium',
    'Class that supplies what a SASL mechanism asks for.',
  ),
  'sasl.login.callback.handler.class': unsupported(
    'class',
    null,
    'medium',
    'Class that supplies what a login asks for.',
  ),
  'sasl.login.class': unsupported('class', null, 'medium', 'Class of the login.'),
  'sasl.login.connect.timeout.ms': unsupported(
    'int',
    null,
    'low',
    'Longest wait for a connection to the identity provider, in milliseconds.',
  ),
  'sasl.login.read.timeout.ms': unsupported(
    'int',
    null,
    'low',
    'Longest wait for an answer of the identity provider, in milliseconds.',
  ),
  'sasl.login.retry.backoff.max.ms': unsupported(
    'long',
    10_000,
    'low',
    'Longest wait between logins, in milliseconds.',
  ),
  'sasl.login.retry.backoff.ms': unsupported(
    'long',
    100,
    'low',
    'First wait between logins, in milliseconds.',
  ),
})
