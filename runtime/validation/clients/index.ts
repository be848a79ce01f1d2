import type { ClientKind } from '../../kafka/index.ts'
import type { ConfigKeyInfo } from '../config-infos.ts'
import { adminSettings } from './admin.ts'
import { REQUIRED, type ClientSetting } from './client-setting.ts'
import { consumerSettings } from './consumer.ts'
import { producerSettings } from './producer.ts'
import { securitySettings } from './security.ts'
import { sharedSettings } from './shared.ts'

const byName = (settings: readonly ClientSetting[]): ReadonlyMap<string, ClientSetting> =>
  new Map([...sharedSettings, ...securitySettings, ...settings].map((setting) => [setting[0], setting]))

const clients: Readonly<Record<ClientKind, ReadonlyMap<string, ClientSetting>>> = {
  producer: byName(producerSettings),
  consumer: byName(consumerSettings),
  admin: byName(adminSettings),
}

/** The definition of a client setting; undefined for a setting that Kafka does not have. */
export function clientSetting(client: ClientKind, name: string): ClientSetting | undefined {
  return clients[client].get(name)
}

/** A client setting as part of a connector's definition. Source: AbstractHerder.convertConfigKey. */
export function clientKeyInfo(
  [name, type, value, importance, doc]: ClientSetting,
  prefix: string,
): ConfigKeyInfo {
  return {
    name: prefix + name,
    type: type.toUpperCase(),
    required: value === REQUIRED,
    default_value: value === REQUIRED ? null : value,
    importance: importance.toUpperCase(),
    documentation: doc,
    group: null,
    width: 'NONE',
    display_name: name,
    dependents: [],
    order_in_group: -1,
  }
}
