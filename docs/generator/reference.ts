import type { PluginEntry } from '../../api/index.ts'
import { builtInProviders } from '../../config/index.ts'
import { connectors } from '../../connectors/index.ts'
import { converters } from '../../converters/index.ts'
import { transforms } from '../../transforms/index.ts'
import { clientSettingsPage, connectorSettingsPage, workerSettingsPage } from './common-settings.ts'
import { readDescriptions } from './doc-comments.ts'
import { errorsPage } from './errors.ts'
import { pluginPage } from './plugins.ts'
import { restPage } from './rest.ts'
import { statesPage } from './states.ts'

/** Pages written by hand, which live in the same folder. */
export const handWritten = ['README.md', 'differences.md']

/** All generated pages of `docs/reference`, by file name. */
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
        'Settings that a connector has beside those of [every connector](connector-settings.md).',
        connectors.connectors,
      ),
    ],
    [
      'transforms.md',
      plugins(
        'Transforms',
        'In a connector config they stand behind `transforms.<name>.`; `transforms` lists the names in order.',
        transforms.transforms,
      ),
    ],
    [
      'predicates.md',
      plugins(
        'Predicates',
        'In a connector config they stand behind `predicates.<name>.`; `transforms.<name>.predicate` refers to them.',
        transforms.predicates,
      ),
    ],
    [
      'converters.md',
      plugins(
        'Converters',
        'Their settings stand behind `key.converter.`, `value.converter.` or `header.converter.`, of the worker or of a connector.',
        converters.converters,
      ),
    ],
    [
      'config-providers.md',
      plugins(
        'Config providers',
        'Named by `config.providers` of the worker; their settings stand behind `config.providers.<name>.param.`.',
        builtInProviders as readonly PluginEntry[],
      ),
    ],
    ['rest-api.md', await restPage()],
    ['errors.md', errorsPage()],
    ['states.md', statesPage()],
  ])
}
