import type { ClientSetting } from './client-setting.ts'

/** Settings specific to admin clients. Source: AdminClientConfig. */
export const adminSettings: readonly ClientSetting[] = [
  ['bootstrap.servers', 'list', '', 'high', 'Brokers to contact first, as host:port, separated by commas.'],
  ['retries', 'int', '2147483647', 'low', 'How often a failed request is tried again.'],
  ['client.id', 'string', '', 'medium', 'Name shown in the logs of brokers.'],
  [
    'receive.buffer.bytes',
    'int',
    '65536',
    'medium',
    'Size of the receive buffer of sockets; -1 for that of the system.',
  ],
  [
    'enable.metrics.push',
    'boolean',
    'false',
    'low',
    'Whether metrics are sent to brokers that ask for them.',
  ],
  [
    'connections.max.idle.ms',
    'long',
    '300000',
    'medium',
    'Time after which an idle connection is closed, in milliseconds.',
  ],
  [
    'default.api.timeout.ms',
    'int',
    '60000',
    'medium',
    'Longest wait of a call that has no timeout of its own, in milliseconds.',
  ],
  [
    'bootstrap.controllers',
    'list',
    '',
    'high',
    'Controllers to contact first, as host:port; instead of brokers.',
  ],
]
