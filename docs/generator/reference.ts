import type { PluginEntry } from '../../api/index.ts'
import { builtInProviders } from '../../config/index.ts'
import { connectors } from '../../connectors/index.ts'
import { converters } from '../../converters/index.ts'
import { transforms } from '../../transforms/index.ts'
import { clientSettingsPage } from './client-settings.ts'
import { connectorSettingsPage, workerSettingsPage } from './common-settings.ts'
import { readDescriptions } from './doc-comments.ts'
import { errorsPage } from './errors.ts'
import { metricsPage } from './metrics.ts'
import { pluginPage } from './plugins.ts'
import { restPage } from './rest.ts'
import { statesPage } from './states.ts'

/** Handwritten pages in the same folder. */
export const handWritten = ['README.md', 'differences.md']

/** Resolves to all generated pages of `docs/reference`, by file name. */
export async function referencePages(): Promise<ReadonlyMap<string, string>> {
  const described = await readDescriptions()
  const plugins = (title: string, intro: string, list: readonly PluginEntry[] = []) =>
    pluginPage(title, intro, list, described)
  return new Map([
    ['worker-settings.md', workerSettingsPage()],
    ['connector-settings.md', connectorSettingsPage()],
    ['client-settings.md', clientSettingsPage()],
    [
      'connectors.md',
      plugins(
        'Connectors',
        'The settings of each connector, in addition to the [common connector settings](connector-settings.md).',
        connectors.connectors,
      ),
    ],
    [
      'transforms.md',
      plugins(
        'Transforms',
        'In a connector configuration, these settings have the prefix `transforms.<name>.`; `transforms` lists the names in order.',
        transforms.transforms,
      ),
    ],
    [
      'predicates.md',
      plugins(
        'Predicates',
        'In a connector configuration, these settings have the prefix `predicates.<name>.`; `transforms.<name>.predicate` refers to the predicate.',
        transforms.predicates,
      ),
    ],
    [
      'converters.md',
      plugins(
        'Converters',
        'These settings have the prefix `key.converter.`, `value.converter.` or `header.converter.`, in the worker or connector configuration.',
        converters.converters,
      ),
    ],
    [
      'config-providers.md',
      plugins(
        'Config providers',
        'The worker setting `config.providers` lists the providers; their settings have the prefix `config.providers.<name>.param.`.',
        builtInProviders as readonly PluginEntry[],
      ),
    ],
    ['rest-api.md', await restPage()],
    ['metrics.md', metricsPage()],
    ['errors.md', errorsPage()],
    ['states.md', statesPage()],
  ])
}
