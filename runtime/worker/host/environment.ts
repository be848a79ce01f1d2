import type { ConfigProviderInstance, Props } from '../../../api/index.ts'
import { resolveVariables, type ResolvedProps } from '../../../config/index.ts'
import type { ClientCache } from '../../kafka/index.ts'
import type { PluginRegistry } from '../../plugins/index.ts'
import type { LoggerFactory } from '../../telemetry/index.ts'
import type { Lease } from '../../timing/index.ts'
import type { Remote } from '../channel.ts'
import type { BrokenPackage, HerderMethods, HostEvents } from '../protocol.ts'
import type { PluginScope } from './plugin-scope.ts'

/** Objects shared by all connectors and tasks of one process. */
export interface HostEnvironment {
  /** The worker's settings, with variables resolved. */
  readonly worker: Readonly<Record<string, string>>
  readonly registry: PluginRegistry
  readonly broken: readonly BrokenPackage[]
  readonly providers: ReadonlyMap<string, ConfigProviderInstance>
  readonly scope: PluginScope
  readonly herder: Remote<HerderMethods>
  readonly events: HostEvents
  readonly loggers: LoggerFactory
  /** The lease of the connectors and tasks, which the worker renews. */
  readonly lease: Lease
  /** Clients for requests about consumer groups. */
  readonly groupClients: ClientCache
}

/** Returns the settings of a connector or task with variables resolved. */
export function resolved<P extends Props>(environment: HostEnvironment, props: P): Promise<ResolvedProps<P>> {
  return resolveVariables(props, environment.providers)
}
