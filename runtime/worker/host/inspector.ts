import { ConnectError, type Finding, type PartitionOffset, type Props } from '../../../api/index.ts'
import { exactlyOnceMode } from '../../../config/index.ts'
import { printJson } from '../../../java/index.ts'
import type { Preview, PreviewRequest } from './preview/protocol.ts'
import { versionRequirement } from '../../plugins/index.ts'
import {
  commonSettings,
  isAbstract,
  isTask,
  passwordKeys,
  keyInfo,
  refuseInvalid,
  validateConnector,
  versionFault,
  type ConfigInfos,
  type ConfigKeyInfo,
} from '../../validation/index.ts'
import type { DiagnosisRequest, DiagnosisScope, InspectorMethods } from '../protocol.ts'
import { acceptSourceOffsets, changeSinkOffsets, readEntries, sinkOffsets } from './connector-offsets.ts'
import { connectorDeleted } from './diagnosis/deleted.ts'
import { diagnose } from './diagnosis/diagnose.ts'
import { fenceTaskProducers } from './fencing.ts'
import { preview } from './preview/preview.ts'
import { writeOffsets } from './setup/exactly-once.ts'
import { withSourceOffsets, type OffsetsOwner } from './setup/source-offsets.ts'
import { resolved, type HostEnvironment } from './environment.ts'

/** Handles requests about plugins and their settings. Runs plugin code outside the herder's process. */
export class Inspector implements InspectorMethods {
  readonly #environment: () => HostEnvironment
  readonly #flushLog: () => void

  /** `flushLog` sends buffered log lines. It is called before the response of a process that is closed afterwards. */
  constructor(environment: () => HostEnvironment, flushLog: () => void = () => {}) {
    this.#environment = environment
    this.#flushLog = flushLog
  }

  plugins() {
    const { registry, broken } = this.#environment()
    return { plugins: registry.list(), broken }
  }

  /**
   * The connector's own settings come first, then the common ones that it does not define itself. Settings marked as
   * extensions are left out, so that the response equals that of Kafka Connect.
   */
  pluginConfig(name: string, version?: string): ConfigKeyInfo[] {
    const wanted = requirementOf(version)
    const entry = this.#environment().registry.find(name)
    if (entry === undefined) {
      if (isTask(this.#environment().registry, name) && wanted === undefined) throw noPluginKind(name)
      if (isAbstract(this.#environment().registry, name)) throw abstractFault(name, wanted !== undefined)
      throw new ConnectError('HR_NOT_FOUND', `Unknown plugin ${name}.`)
    }
    if (wanted?.matches(entry.version) === false) {
      throw new ConnectError('HR_BAD_REQUEST', versionFault(entry, wanted))
    }
    if (entry.kind === 'configprovider') throw noPluginKind(name)
    const isConnector = entry.kind === 'source' || entry.kind === 'sink'
    const common = isConnector ? commonSettings(entry.kind, entry.version) : {}
    return Object.entries({ ...entry.config, ...common, ...entry.config })
      .filter(([, setting]) => setting.extension !== true)
      .map(([key, setting]) => keyInfo(key, setting))
  }

  async validate(props: Props): Promise<ConfigInfos> {
    const environment = this.#environment()
    const { props: own } = await resolved(environment, props)
    return validateConnector(environment.registry, environment.worker, own)
  }

  async requireValid(props: Props): Promise<void> {
    refuseInvalid(await this.validate(props))
  }

  preview(request: PreviewRequest): Promise<Preview> {
    return preview(this.#environment(), request)
  }

  diagnose(request: DiagnosisRequest, timeoutMs: number, scope: DiagnosisScope): Promise<Finding[]> {
    return diagnose(this.#environment(), request, timeoutMs, scope).finally(this.#flushLog)
  }

  connectorDeleted(name: string, props: Props, timeoutMs: number): Promise<void> {
    return connectorDeleted(this.#environment(), name, props, timeoutMs).finally(this.#flushLog)
  }

  async passwordKeys(props: Props): Promise<readonly string[]> {
    const environment = this.#environment()
    const { props: own } = await resolved(environment, props).catch(() => ({ props }))
    return passwordKeys(environment.registry, own)
  }

  async fenceProducers(name: string, props: Props, transactionalIds: readonly string[]): Promise<void> {
    const environment = this.#environment()
    const { props: own } = await resolved(environment, props)
    await fenceTaskProducers(environment, name, own, transactionalIds)
  }

  async sinkOffsets(name: string, props: Props): Promise<PartitionOffset[]> {
    const environment = this.#environment()
    const { props: own } = await resolved(environment, props)
    return sinkOffsets(environment, name, own)
  }

  async sourceOffsets(name: string, props: Props): Promise<string> {
    const owner = await this.#offsetsOwner(name, props)
    const entries = await withSourceOffsets(this.#environment(), owner, { create: false }, (offsets) =>
      offsets.all(name),
    )
    return printJson(entries)
  }

  async writeSourceOffsets(name: string, props: Props, offsets: string): Promise<void> {
    const owner = await this.#offsetsOwner(name, props)
    const environment = this.#environment()
    const entries = readEntries(offsets)
    if (exactlyOnceMode(environment.worker) === 'enabled') return writeOffsets(environment, owner, entries)
    await withSourceOffsets(environment, owner, { create: true }, (store) => store.set(name, entries))
  }

  async #offsetsOwner(name: string, props: Props): Promise<OffsetsOwner> {
    const environment = this.#environment()
    const { props: connectorProps } = await resolved(environment, props)
    const log = environment.loggers.logger('headrace.stores', { connector: name })
    return { id: { connector: name, task: 0 }, connectorProps, log }
  }

  async acceptSourceOffsets(name: string, props: Props, offsets: string): Promise<boolean> {
    const environment = this.#environment()
    const { props: own } = await resolved(environment, props)
    const plugin = environment.registry.connector(own['connector.class'] ?? '')
    if (plugin.kind === 'sink') throw new TypeError(`${plugin.name} is not a source`)
    return acceptSourceOffsets(plugin, name, own, readEntries(offsets))
  }

  async changeSinkOffsets(name: string, props: Props, offsets: string | null): Promise<boolean> {
    const environment = this.#environment()
    const { props: own } = await resolved(environment, props)
    const plugin = environment.registry.connector(own['connector.class'] ?? '')
    if (plugin.kind === 'source') throw new TypeError(`${plugin.name} is not a sink`)
    const entries = offsets === null ? null : readEntries(offsets)
    return changeSinkOffsets(environment, plugin, name, own, entries)
  }
}

function requirementOf(version: string | undefined) {
  try {
    return versionRequirement(version)
  } catch (cause) {
    throw new ConnectError('HR_BAD_REQUEST', `Invalid version specification: ${version}`, { cause })
  }
}

function noPluginKind(name: string): ConnectError {
  const kinds = 'sink, source, converter, header_converter, transformation, predicate'
  return new ConnectError('HR_BAD_REQUEST', `Invalid plugin class ${name}. Valid types are ${kinds}.`)
}

/** The class exists but cannot be instantiated. With a version, only plugins are searched. */
function abstractFault(name: string, byVersion: boolean): ConnectError {
  if (!byVersion) return new ConnectError('HR_CONNECT', 'Instantiation error')
  const message = `Plugin ${name} is not part of Connect's plugin loading mechanism (ClassPath or Plugin Path)`
  return new ConnectError('HR_BAD_REQUEST', message)
}
