import type { Infer } from '../../../../api/index.ts'
import { adminTable } from './admin.ts'
import { effective, type ClientSetting, type ClientTable } from './client-setting.ts'
import { consumerTable } from './consumer.ts'
import { fetchTable } from './fetch.ts'
import { groupTable } from './group.ts'
import { oauthTable } from './oauth.ts'
import { producerTable } from './producer.ts'
import { saslTable } from './sasl.ts'
import { sharedTable } from './shared.ts'
import { tlsTable } from './tls.ts'

export type { ClientSetting, ClientTable } from './client-setting.ts'

const securityTable = { ...saslTable, ...tlsTable, ...oauthTable }
const allClients = { ...sharedTable, ...securityTable }

const clients = {
  producer: { ...allClients, ...producerTable },
  consumer: { ...allClients, ...fetchTable, ...groupTable, ...consumerTable },
  admin: { ...allClients, ...adminTable },
}

export type ClientKind = keyof typeof clients

/** Every setting of Kafka's Java clients, by client. */
export const clientTables: Readonly<Record<ClientKind, ClientTable>> = clients

/** Returns the definition of a client setting; undefined for a setting that Kafka does not have. */
export function clientSetting(client: ClientKind, name: string): ClientSetting | undefined {
  const table = clientTables[client]
  return Object.hasOwn(table, name) ? table[name] : undefined
}

/** Settings of connections. */
export const clientConfig = effective(sharedTable)
export type ClientConfig = Infer<typeof clientConfig>

/** Security settings of connections. */
export const securityConfig = effective(securityTable)
export type SecurityConfig = Infer<typeof securityConfig>

export const producerConfig = effective(producerTable)
export const fetchConfig = effective(fetchTable)
export const groupConfig = effective(groupTable)
