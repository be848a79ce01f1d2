import {
  ConnectError,
  type ConfigProvider,
  type ConfigProviderInstance,
  type Props,
} from '../../api/index.ts'
import { parseConfig, parseValue, withPrefix } from '../definition/index.ts'

const PROVIDERS = 'config.providers'

/**
 * Opens the config providers of a worker, by name.
 *
 * `find` returns the provider of a class name. Throws `HR_CONFIG_INVALID` when it returns undefined.
 */
export function openProviders(
  workerProps: Props,
  find: (className: string) => ConfigProvider | undefined,
): Map<string, ConfigProviderInstance> {
  const names = (parseValue(PROVIDERS, 'list', workerProps[PROVIDERS] ?? '') ?? []) as readonly string[]
  const opened = new Map<string, ConfigProviderInstance>()
  for (const name of names) {
    const configKey = `${PROVIDERS}.${name}.class`
    const className = workerProps[configKey]?.trim()
    const provider = className === undefined ? undefined : find(className)
    if (provider === undefined) {
      const message = `Invalid value ${className ?? 'null'} for configuration ${configKey}: no such config provider`
      throw new ConnectError('HR_CONFIG_INVALID', message, { configKey })
    }
    const params = withPrefix(workerProps, `${PROVIDERS}.${name}.param.`)
    opened.set(name, provider.open(parseConfig(provider.config, params)))
  }
  return opened
}
