import type { ConfigProviderInstance, Props } from '../../../api/index.ts'
import { resolveVariables, type ResolvedProps } from '../../../config/index.ts'
import type { KeptClients } from '../../kafka/index.ts'
import type { PluginRegistry } from '../../plugins/index.ts'
import type { LoggerFactory } from '../../telemetry/index.ts'
import type { Remote } from '../channel.ts'
import type { BrokenPackage, HerderMethods, HostEvents } from '../protocol.ts'
import type { PluginScope } from './plugin-scope.ts'

/** All that connectors and tasks of one process share. */
export interface HostEnvironment {
  /** The worker's settings, variables resolved. */
  readonly worker: Readonly<Record<string, string>>
  readonly registry: PluginRegistry
  readonly broken: readonly BrokenPackage[]
  readonly providers: ReadonlyMap<string, ConfigProviderInstance>
  readonly scope: PluginScope
  readonly herder: Remote<HerderMethods>
  readonly events: HostEvents
  readonly loggers: LoggerFactory
  /** For what is asked of consumer groups. */
  readonly groupClients: KeptClients
}

/** A connector's or task's settings with variables replaced. */
export function resolved<P extends Props>(environment: HostEnvironment, props: P): Promise<ResolvedProps<P>> {
  return resolveVariables(props, environment.providers)
}

/** Settings without those that are null: what connectors get to see. */
export function texts(props: Props): Record<string, string> {
  return Object.fromEntries(
    Object.entries(props).flatMap(([key, value]) => (value === null ? [] : [[key, value]])),
  )
}
