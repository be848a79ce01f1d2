import {
  clientConfig,
  clientTables,
  fetchConfig,
  groupConfig,
  producerConfig,
  securityConfig,
  type ClientKind,
  type ClientSetting,
  type ClientTable,
} from '../../runtime/kafka/settings/table/index.ts'
import { reasonWithoutEffect } from '../../runtime/kafka/settings/without-effect.ts'
import { code, page, prose, table } from './markdown.ts'
import { defaultOf, settingsTable } from './settings.ts'

export function clientSettingsPage(): string {
  return page(
    'Kafka client settings',
    `The worker sets these for all connectors with the prefix \`producer.\`, \`consumer.\` or \`admin.\`. A connector
overrides them with the prefix \`producer.override.\`, \`consumer.override.\` or \`admin.override.\`, if
\`connector.client.config.override.policy\` of the worker allows it. The worker's own clients use the settings without
a prefix. [Settings without effect](#settings-without-effect) are at the end.`,
    '## All clients',
    described(clientConfig),
    '## Security',
    'Key stores may be PEM or PKCS12. JKS is rejected; the error contains the command that converts the store.',
    described(securityConfig),
    '## Producers of source connectors',
    described(producerConfig),
    '## Consumers of sink connectors',
    described({ ...fetchConfig, ...groupConfig }),
    '## Settings without effect',
    `Kafka's Java clients have these settings, those of Headrace do not. Validation responses contain their definition, as in
Kafka Connect, and the value must have the right type. The worker logs a warning for each, and for each setting that
Kafka does not have.`,
    withoutEffect('unsupported'),
    `These are ignored without a warning, because they are about Java or about something that tasks do not need, as are all
settings that begin with \`metrics.\`.`,
    withoutEffect('inapplicable'),
  )
}

function described(settings: ClientTable): string {
  return settingsTable(
    Object.fromEntries(
      Object.entries<ClientSetting>(settings).map(([name, setting]) => [
        name,
        { ...setting, doc: sentences(setting.doc, setting.note, reasonOf(name), kafkaDefault(setting)) },
      ]),
    ) as ClientTable,
  )
}

const sentences = (...texts: readonly (string | undefined)[]): string =>
  texts.filter((text) => text !== undefined).join(' ')

function reasonOf(name: string): string | undefined {
  const reason = reasonWithoutEffect(name)
  return reason === undefined ? undefined : `No effect: ${reason}.`
}

/** Omits defaults that differ only in notation, such as those of lists. */
function kafkaDefault({ javaDefault, ...setting }: ClientSetting): string | undefined {
  if (javaDefault === undefined || javaDefault === null || Array.isArray(javaDefault)) return undefined
  return `The default in Kafka: ${defaultOf({ ...setting, default: javaDefault })}.`
}

const kinds = Object.keys(clientTables) as ClientKind[]

/** Tables of the settings that all of their clients ignore in this way, one for each reason. */
function withoutEffect(ignored: NonNullable<ClientSetting['ignored']>): string {
  const names = new Set(kinds.flatMap((kind) => Object.keys(clientTables[kind])))
  const byReason = new Map<string, string[][]>([['', []]])
  for (const name of [...names].toSorted()) {
    const having = kinds.filter((kind) => clientTables[kind][name]?.ignored === ignored)
    const [first] = having.flatMap((kind) => clientTables[kind][name] ?? [])
    if (first === undefined) continue
    const clients = having.length === kinds.length ? 'all' : having.join(', ')
    const row = [code(name), prose(first.doc), first.type, defaults(name, having), clients]
    const reason = reasonWithoutEffect(name) ?? ''
    byReason.set(reason, [...(byReason.get(reason) ?? []), row])
  }
  return [...byReason]
    .flatMap(([reason, rows]) => [
      ...(reason === '' ? [] : [`No effect: ${reason}.`]),
      table(['Setting', 'Description', 'Type', 'Default in Kafka', 'Clients'], rows),
    ])
    .join('\n\n')
}

/** One default, or one for each client if they differ. */
function defaults(name: string, having: readonly ClientKind[]): string {
  const texts = having.map((kind) => {
    const setting = clientTables[kind][name]
    return setting === undefined ? '' : defaultOf(setting)
  })
  const [first = ''] = texts
  if (texts.every((text) => text === first)) return first
  return having.map((kind, index) => `${kind}: ${texts[index]}`).join(', ')
}
