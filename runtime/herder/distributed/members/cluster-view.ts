import type { Props } from '../../../../api/index.ts'
import { tagPairs, tagText } from '../../../../config/index.ts'
import type { GroupDescription } from '../../../kafka/index.ts'
import type { ClusterMember, ClusterProblem, ClusterView, UnassignedItem } from '../../cluster.ts'
import {
  decodeAssignment,
  decodeMetadata,
  type WorkerAssignment,
  type WorkerMetadata,
} from '../assignment/protocol.ts'
import { noWork, WorkSet, type Work } from '../assignment/work.ts'
import type { MemberFacts } from './member-facts.ts'
import { hasAll, noWorkerHas, placementOf } from './requirements.ts'

const STABLE = 'Stable'

/** A member of a settled group, with what it runs. */
export interface SeenMember {
  readonly id: string
  readonly metadata: WorkerMetadata
  readonly assignment: WorkerAssignment
  readonly runs: WorkSet
}

export interface ClusterSources {
  readonly groupId: string
  /** REST URL of this worker. */
  readonly url: string
  readonly group: GroupDescription
  /** What workers have reported, by URL. */
  readonly facts: ReadonlyMap<string, MemberFacts>
  readonly configEnd: number | null
  readonly configured: Work
  readonly configs: ReadonlyMap<string, Props>
  /** When the next rebalance is due, in milliseconds since the epoch. */
  readonly scheduledAt: number | undefined
}

/** Whether no rebalance is in progress. The coordinator describes members only then. */
export const isSettled = ({ state }: Pick<GroupDescription, 'state'>): boolean => state === STABLE

/** Decodes the members of a settled group; empty while the group rebalances. */
export function membersOf(group: GroupDescription): SeenMember[] {
  if (!isSettled(group)) return []
  return group.members
    .filter(({ metadata, assignment }) => metadata.length > 0 && assignment.length > 0)
    .map(({ id, metadata, assignment }) => {
      const joined = decodeMetadata(metadata)
      const given = decodeAssignment(assignment)
      // With the incremental protocols, the assignment has only what is added and revoked
      const runs = new WorkSet(joined.allocation?.assigned ?? noWork)
        .minus(new WorkSet(given.revoked))
        .add(given.assigned)
      return { id, metadata: joined, assignment: given, runs }
    })
}

/** Describes the cluster by what the coordinator of the group and the workers report. */
export function clusterView(sources: ClusterSources): ClusterView {
  const { groupId, url, group, configEnd } = sources
  const seen = membersOf(group)
  const members = seen.map((member) => memberOf(member, sources))
  return {
    group: groupId,
    state: group.state,
    protocol: group.protocol === '' ? null : group.protocol,
    leader: seen[0]?.assignment.leaderUrl ?? null,
    seenBy: url,
    configEnd,
    members: members.toSorted((a, b) => (a.url < b.url ? -1 : 1)),
    unassigned: unassignedItems(seen, sources),
    misplaced: seen.flatMap((member) => misplacedItems(member, sources)),
    notes: notesOn(members, sources),
  }
}

function memberOf(
  { id, metadata, assignment, runs }: SeenMember,
  { facts, configEnd }: ClusterSources,
): ClusterMember {
  const known = facts.get(metadata.url)
  const configOffset = known?.present?.configOffset ?? metadata.offset
  return {
    url: metadata.url,
    kind: known?.kind ?? (metadata.traits === undefined ? null : 'headrace'),
    version: known?.version ?? metadata.traits?.version ?? null,
    tags: tagPairs(known?.tags ?? metadata.traits?.tags ?? new Map()),
    leads: id === assignment.leader,
    runs: runs.items(),
    configOffset,
    configLag: configEnd === null ? null : Math.max(0, configEnd - Math.max(0, configOffset)),
    lastContact: known?.present?.lastContact ?? null,
    sessionEnds: known?.present?.sessionEnds ?? null,
  }
}

function unassignedItems(seen: readonly SeenMember[], sources: ClusterSources): UnassignedItem[] {
  const { group, configured, configs, scheduledAt } = sources
  if (!isSettled(group)) return []
  const all = new WorkSet(configured)
  const held = seen.reduce((sum, { runs }) => sum.add(runs), new WorkSet())
  const members = seen.map(({ metadata }) => ({ tags: metadata.traits?.tags }))
  return all
    .minus(held)
    .items()
    .map(({ connector, task }) => {
      const placement = placementOf(configs.get(connector) ?? {})
      const isHonoured = group.protocol === 'headrace' && placement.size > 0
      if (isHonoured && !members.some(({ tags }) => hasAll(tags, placement)))
        return { connector, task, reason: noWorkerHas(placement, members), until: null }
      if (seen.some(({ assignment }) => assignment.error !== 0))
      return { connector, task, reason: 'A worker has not read the latest settings from the config topic.', until: null } // prettier-ignore
      if (scheduledAt !== undefined && seen.some(({ assignment }) => assignment.delay > 0))
      return { connector, task, reason: 'Its worker has left the group; the leader waits for its return.', until: scheduledAt } // prettier-ignore
      return { connector, task, reason: 'The leader has not assigned it yet; it does so in the next rebalance.', until: null } // prettier-ignore
    })
}

/** Work on a worker that lacks the connector or the tags. */
function misplacedItems(
  { metadata, runs }: SeenMember,
  { facts, configs, group }: ClusterSources,
): (ClusterProblem & { url: string })[] {
  const { url, traits } = metadata
  const known = facts.get(url)
  const names = known?.connectors ?? traits?.connectors
  const tags = known?.tags ?? traits?.tags
  return runs.items().flatMap((item) => {
    const config = configs.get(item.connector) ?? {}
    const className = config['connector.class'] ?? ''
    const placement = placementOf(config)
    if (names?.has(className) === false)
      return [{ ...item, url, reason: `The worker lacks the connector class ${className}.` }]
    if (group.protocol === 'headrace' || known === undefined || hasAll(tags, placement)) return []
    return [
      { ...item, url, reason: `The worker lacks the tags ${tagText(placement)} of headrace.placement.` },
    ]
  })
}

function notesOn(members: readonly ClusterMember[], { group, configs, facts }: ClusterSources): string[] {
  const notes: string[] = []
  if (!isSettled(group)) {
    return [`The group is in the state ${group.state}: what each worker runs is known after the rebalance.`]
  }
  const silent = members.filter(({ url }) => !facts.has(url)).map(({ url }) => url)
  if (silent.length > 0)
    notes.push(`No response from ${silent.join(', ')}: their versions, plugins and positions are as of their last join, if known.`) // prettier-ignore
  const placed = [...configs.values()].some((config) => placementOf(config).size > 0)
  if (placed && group.protocol !== 'headrace') notes.push(`headrace.placement has no effect: ${whyNotPlaced(group.protocol, members)}`) // prettier-ignore
  return notes
}

/** Why a group does not honour `headrace.placement`, in a sentence. */
export function whyNotPlaced(protocol: string, members: readonly ClusterMember[]): string {
  const others = members.filter(({ kind }) => kind !== 'headrace')
  const named = others.map(({ url, kind, version }) => `${url} (${kind ?? 'unknown'}${version === null ? '' : ` ${version}`})`) // prettier-ignore
  const because =
    others.length === 0
      ? 'a worker has an older version of Headrace, or connect.protocol is not sessioned'
      : `these workers do not offer it: ${named.join(', ')}`
  return `the group uses the protocol ${protocol} instead of headrace, because ${because}.`
}
