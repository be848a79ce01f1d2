import type { Finding } from '../../../api/index.ts'
import { at } from '../server/body.ts'
import { clusterSettings, found, members, type Ask } from './answers.ts'
import { error, warning } from '../../shared/finding.ts'

const PREFIX = 'cluster.routing.allocation.disk'
const GIB = 1024 ** 3
const units: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1024,
  mb: 1024 ** 2,
  gb: GIB,
  tb: 1024 ** 4,
  pb: 1024 ** 5,
}

/** Returns the nodes whose disks are above a watermark. Nothing if the user may not ask. */
export async function diskFindings(ask: Ask): Promise<readonly Finding[]> {
  const [settingOf, stats] = await Promise.all([
    clusterSettings(ask, `*.${PREFIX}*`),
    ask('GET', '/_nodes/stats/fs', { query: { filter_path: 'nodes.*.name,nodes.*.fs.total' } }),
  ])
  const valueOf = (name: string) => settingOf(`${PREFIX}.${name}`)
  if (valueOf('threshold_enabled') === 'false') return []
  return members(at(found(stats), 'nodes')).flatMap(([, node]) => nodeFindings(node, valueOf))
}

function nodeFindings(node: unknown, valueOf: (name: string) => string | undefined): Finding[] {
  const total = Number(at(node, 'fs', 'total', 'total_in_bytes'))
  const free = Number(at(node, 'fs', 'total', 'available_in_bytes'))
  if (!(total > 0) || !(free >= 0)) return []
  const name = String(at(node, 'name') ?? 'unknown')
  const isBelow = (mark: string) =>
    free < freeAt(valueOf(`watermark.${mark}`), valueOf(`watermark.${mark}.max_headroom`), total)
  const text = `Node ${name} has ${(free / GIB).toFixed(1)} GiB of free disk space, of ${(total / GIB).toFixed(1)}`
  const remedy = 'Free disk space, or add nodes.'
  if (isBelow('flood_stage')) {
    const consequence = 'which is beyond the flood stage: the server blocks writes to its indexes.'
    return [error('disk-flood-stage', `${text}, ${consequence}`, `${remedy} The blocks are lifted then.`)]
  }
  if (isBelow('high')) {
    return [
      warning('disk-high', `${text}, which is beyond the high watermark: shards are moved away.`, remedy),
    ]
  }
  return isBelow('low')
    ? [
        warning(
          'disk-low',
          `${text}, which is beyond the low watermark: no new shards are put there.`,
          remedy,
        ),
      ]
    : []
}

/** The free space at a watermark such as `85%`, `0.85` or `50gb`, in bytes; 0 if it is unknown. */
export function freeAt(mark: string | undefined, headroom: string | undefined, total: number): number {
  if (mark === undefined) return 0
  const used = mark.endsWith('%') ? Number(mark.slice(0, -1)) / 100 : Number(mark)
  if (Number.isNaN(used)) return bytesOf(mark) ?? 0
  return Math.min((1 - used) * total, bytesOf(headroom) ?? Infinity)
}

function bytesOf(text: string | undefined): number | undefined {
  const [, number = '', unit = ''] = /^([\d.]+)([kmgtp]?b)$/i.exec(text ?? '') ?? []
  const factor = units[unit.toLowerCase()]
  return factor === undefined ? undefined : Number(number) * factor
}
