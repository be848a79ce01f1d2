import type { Props } from '../../../../api/index.ts'
import type { PluginCatalog } from '../../../plugins/index.ts'

/** Returns the class of a connector that a worker with this catalog lacks; undefined if it has it, or none is named. */
export function missingClass(catalog: Pick<PluginCatalog, 'find'>, config: Props): string | undefined {
  const className = config['connector.class'] ?? ''
  return className === '' || catalog.find(className) !== undefined ? undefined : className
}

/**
 * Why a connector cannot run on a worker that lacks its class, and what to do. `others` are the REST URLs of the workers
 * that are known to have the class; undefined if they could not be asked.
 */
export function missingPlugin(
  worker: string,
  className: string,
  others: readonly string[] | undefined,
): string {
  const found = `The worker ${worker} lacks the connector class ${className}.`
  if (others === undefined)
    return `${found} Which workers have it is not known. Install the plugin on this worker, too.`
  if (others.length === 0)
    return `${found} No other worker that responds has it. Install the plugin on every worker, or correct connector.class.`
  return `${found} These workers have it: ${others.join(', ')}. Install the plugin on this worker, too, or stop this worker while a Java worker leads the group.`
}
