import { ConnectError, type Props } from '../../../api/index.ts'
import { sinkConnectorConfig, sourceConnectorConfig } from '../../../config/index.ts'
import { offsetKey, offsetValue } from '../../stores/index.ts'
import type { PartitionOffsetEntry } from '../../stores/index.ts'
import { keyInfo, validateConnector, type ConfigKeyInfo } from '../../validation/index.ts'
import type { InspectorMethods, ValidatedConfig } from '../protocol.ts'
import { resolved, texts, type HostEnvironment } from './environment.ts'

/** Answers what plugins there are and what they say of settings: their code runs here, away from the herder. */
export class Inspector implements InspectorMethods {
  readonly #environment: () => HostEnvironment

  constructor(environment: () => HostEnvironment) {
    this.#environment = environment
  }

  plugins() {
    const { registry, broken } = this.#environment()
    return { plugins: registry.list(), broken }
  }

  /** A connector's own settings come first, then the common ones that it does not define itself. */
  pluginConfig(name: string): ConfigKeyInfo[] {
    const entry = this.#environment().registry.find(name)
    if (entry === undefined) throw new ConnectError('HR_NOT_FOUND', `Unknown plugin ${name}.`)
    if (entry.kind === 'configprovider') {
      const kinds = 'sink, source, converter, header_converter, transformation, predicate'
      throw new ConnectError('HR_BAD_REQUEST', `Invalid plugin class ${name}. Valid types are ${kinds}.`)
    }
    const common =
      { source: sourceConnectorConfig, sink: sinkConnectorConfig }[entry.kind as 'source' | 'sink']?.() ?? {}
    return Object.entries({ ...entry.config, ...common, ...entry.config }).map(([key, setting]) =>
      keyInfo(key, setting),
    )
  }

  async validate(props: Props): Promise<ValidatedConfig> {
    const environment = this.#environment()
    const { props: own } = await resolved(environment, props)
    const infos = await validateConnector(environment.registry, environment.worker, own)
    return { infos, kind: environment.registry.connector(own['connector.class'] ?? '').kind }
  }

  async alterOffsets(props: Props, offsets: readonly PartitionOffsetEntry[]): Promise<boolean> {
    const environment = this.#environment()
    const { props: own } = await resolved(environment, props)
    const plugin = environment.registry.connector(own['connector.class'] ?? '')
    // Offsets that could not be stored are refused before the connector acts on them
    for (const [partition, offset] of offsets) void [offsetKey('', partition), offsetValue(offset)]
    return (await plugin.alterOffsets?.(texts(own), offsets as never)) ?? false
  }
}
