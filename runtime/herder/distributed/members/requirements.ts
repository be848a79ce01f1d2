import type { Props } from '../../../../api/index.ts'
import { parseValue, tagsOf, tagText, type Tags } from '../../../../config/index.ts'
import type { EligibleWorkers } from '../assignment/eligible-workers.ts'

/** What is known of a member. */
export interface KnownTraits {
  readonly id: string
  /** Undefined if the member does not tell its tags. */
  readonly tags: Tags | undefined
  /** The names under which it has connectors; undefined if they are not known. */
  readonly connectors: ReadonlySet<string> | undefined
}

/** The tags that a worker must have to run a connector. */
export function placementOf(config: Props): Tags {
  const text = config['headrace.placement'] ?? ''
  return tagsOf(parseValue('headrace.placement', 'list', text) as readonly string[])
}

/**
 * Returns which members may run a connector: those with the tags of its placement, and of these, those that have its
 * class. If none of them has the class, all of them may run it, and it fails with the reason, as in Kafka Connect.
 *
 * Placement applies only if all members tell their tags. A member whose connectors are not known counts as having all.
 */
export function eligibleWorkers(
  members: readonly KnownTraits[],
  configOf: (connector: string) => Props | undefined,
): EligibleWorkers {
  const placed = members.every(({ tags }) => tags !== undefined)
  const known = new Map<string, ReadonlySet<string> | undefined>()
  return (connector) => {
    const config = configOf(connector) ?? {}
    const className = config['connector.class'] ?? ''
    const placement = placed ? placementOf(config) : new Map()
    const key = `${className} ${tagText(placement)}`
    if (!known.has(key)) known.set(key, setOf(members, className, placement))
    return known.get(key)
  }
}

function setOf(
  members: readonly KnownTraits[],
  className: string,
  placement: Tags,
): ReadonlySet<string> | undefined {
  const tagged = members.filter(({ tags }) => hasAll(tags, placement))
  const capable = tagged.filter(({ connectors }) => connectors?.has(className) ?? true)
  const found = capable.length > 0 ? capable : tagged
  return found.length === members.length ? undefined : new Set(found.map(({ id }) => id))
}

/** Whether a worker with these tags satisfies a placement. */
export function hasAll(tags: Tags | undefined, placement: Tags): boolean {
  return [...placement].every(([name, value]) => tags?.get(name) === value)
}

/** Why no worker runs a connector with this placement. */
export function noWorkerHas(placement: Tags, members: readonly Pick<KnownTraits, 'tags'>[]): string {
  const others = [...new Set(members.map(({ tags }) => tagText(tags ?? new Map())))].filter(
    (text) => text !== '',
  )
  const found =
    others.length === 0 ? 'no worker has tags' : `the workers have ${others.toSorted().join('; ')}`
  return `No worker has the tags ${tagText(placement)} of headrace.placement: ${found}. Start a worker with headrace.worker.tags=${tagText(placement)}, or change headrace.placement.`
}
