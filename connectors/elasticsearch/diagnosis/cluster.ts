import type { Finding } from '../../../api/index.ts'
import { at } from '../server/body.ts'
import { clusterSettings, found, type Ask } from './answers.ts'
import { error, warning } from '../../shared/finding.ts'

/** Returns whether the cluster has unassigned data, or no room for more shards. */
export async function clusterFindings(ask: Ask): Promise<readonly Finding[]> {
  const [health, valueOf] = await Promise.all([
    ask('GET', '/_cluster/health'),
    clusterSettings(ask, '*.cluster.max_shards_per_node,*.cluster.blocks*'),
  ])
  const body = found(health)
  return [
    ...(at(body, 'status') === 'red'
      ? [
          warning(
            'cluster-red',
            'The cluster is red: some indexes cannot be written to.',
            'See GET /_cluster/allocation/explain.',
          ),
        ]
      : []),
    ...shardFindings(body, Number(valueOf('cluster.max_shards_per_node') ?? NaN)),
    ...['cluster.blocks.read_only', 'cluster.blocks.read_only_allow_delete']
      .filter((name) => valueOf(name) === 'true')
      .map((name) => error('write-block', `The cluster is blocked by ${name}.`, `Set ${name} to null.`)),
  ]
}

function shardFindings(health: unknown, perNode: number): Finding[] {
  const nodes = Number(at(health, 'number_of_data_nodes'))
  const open = Number(at(health, 'active_shards')) + Number(at(health, 'unassigned_shards'))
  const limit = nodes * perNode
  if (!(open + 2 > limit)) return []
  return [
    warning(
      'shard-limit',
      `The cluster has ${open} open shards of at most ${limit}, so no index can be created.`,
      'Delete indexes, or raise cluster.max_shards_per_node.',
    ),
  ]
}
