import type { Finding } from '../../../api/index.ts'
import type { ElasticsearchSinkConfig } from '../config/definition.ts'
import { usesDataStreams } from '../config/targets.ts'
import { at } from '../server/body.ts'
import { found, members, type Ask } from './answers.ts'
import { error } from '../../shared/finding.ts'

/** What a connector does with its targets. */
export interface Uses {
  readonly appends: boolean
  readonly updates: boolean
  readonly deletes: boolean
  readonly creates: boolean
}

export function usesOf(config: ElasticsearchSinkConfig): Uses {
  return {
    appends: usesDataStreams(config),
    updates: config['write.method'].toUpperCase() === 'UPSERT',
    deletes: config['behavior.on.null.values'].toUpperCase() === 'DELETE',
    creates: config['external.resource.usage'].toUpperCase() === 'DISABLED',
  }
}

/** Privileges by what fails without them. */
function needed({ appends, updates, deletes, creates }: Uses): Map<string, string> {
  const privileges = new Map([['view_index_metadata', 'look whether it exists and has a mapping']])
  if (creates) privileges.set('create_index', 'create it')
  privileges.set(appends ? 'create_doc' : 'index', updates ? 'update documents' : 'write documents')
  if (deletes) privileges.set('delete', 'delete documents')
  return privileges
}

/** Returns which privileges the user lacks. Nothing for servers without security, and those that do not tell. */
export async function permissionFindings(
  ask: Ask,
  names: readonly string[],
  uses: Uses,
): Promise<readonly Finding[]> {
  if (names.length === 0) return []
  const privileges = needed(uses)
  const response = await ask('POST', '/_security/user/_has_privileges', {
    body: { index: [{ names, privileges: [...privileges.keys()] }] },
  })
  return members(at(found(response), 'index')).flatMap(([name, granted]) => {
    const lacking = [...privileges].filter(([privilege]) => at(granted, privilege) === false)
    if (lacking.length === 0) return []
    const what = lacking.map(([, able]) => able).join(', or ')
    const list = lacking.map(([privilege]) => privilege).join(', ')
    return [
      error(
        'permission-missing',
        `The user may not, for ${name}: ${what}.`,
        `Give a role of the user the index privileges ${list} for ${name}.`,
      ),
    ]
  })
}
