import { ConnectError, type TopicPartition } from '../../../api/index.ts'
import type { Subscription } from './consumer-protocol.ts'
import { keyOf } from '../topic-partition.ts'

/** A consumer of the group, with its member id. */
export interface Consumer extends Subscription {
  readonly id: string
}

/** Assigns partitions to consumers. */
export interface Assignor {
  /** Name in the group protocol. */
  readonly name: string
  /** Whether a member keeps its partitions during a rebalance, except those that are revoked. */
  readonly cooperative: boolean
  assign(
    partitions: ReadonlyMap<string, number>,
    consumers: readonly Consumer[],
  ): Map<string, TopicPartition[]>
}

const byId = (a: Consumer, b: Consumer): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

const emptyShares = (consumers: readonly Consumer[]): Map<string, TopicPartition[]> =>
  new Map(consumers.map(({ id }) => [id, []]))

/** Assigns consecutive partitions of each topic to each consumer. Source: RangeAssignor. */
const range: Assignor = {
  name: 'range',
  cooperative: false,
  assign(partitions, consumers) {
    const shares = emptyShares(consumers)
    for (const [topic, count] of partitions) {
      const interested = consumers.filter(({ topics }) => topics.includes(topic)).toSorted(byId)
      const each = Math.floor(count / Math.max(1, interested.length))
      const extra = count % Math.max(1, interested.length)
      for (const [place, { id }] of interested.entries()) {
        const first = each * place + Math.min(place, extra)
        const length = each + (place < extra ? 1 : 0)
        for (let partition = first; partition < first + length; partition++)
          shares.get(id)?.push({ topic, partition })
      }
    }
    return shares
  },
}

/** Assigns all partitions to the consumers in turn. Source: RoundRobinAssignor. */
const roundRobin: Assignor = {
  name: 'roundrobin',
  cooperative: false,
  assign(partitions, consumers) {
    const shares = emptyShares(consumers)
    const row = consumers.toSorted(byId)
    let turn = 0
    for (const [topic, count] of [...partitions].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      for (let partition = 0; partition < count; partition++) {
        while (
          row.some(({ topics }) => topics.includes(topic)) &&
          !row[turn % row.length]?.topics.includes(topic)
        )
          turn++
        const consumer = row[turn++ % row.length]
        if (consumer?.topics.includes(topic) === true) shares.get(consumer.id)?.push({ topic, partition })
      }
    }
    return shares
  },
}

/**
 * Balances partitions while consumers keep as many of their partitions as possible. A partition that moves is
 * revoked in one rebalance and assigned to its new owner in the next.
 *
 * Source: CooperativeStickyAssignor (KIP-429): shares differ by at most one partition if all consumers
 * subscribe to the same topics.
 */
const cooperativeSticky: Assignor = {
  name: 'cooperative-sticky',
  cooperative: true,
  assign(partitions, consumers) {
    const shares = sticky(partitions, consumers)
    const owners = ownersOf(consumers)
    for (const [id, share] of shares) {
      const kept = share.filter((item) => [undefined, id].includes(owners.get(keyOf(item))))
      shares.set(id, kept)
    }
    return shares
  },
}

function sticky(
  partitions: ReadonlyMap<string, number>,
  consumers: readonly Consumer[],
): Map<string, TopicPartition[]> {
  const shares = emptyShares(consumers)
  const owners = ownersOf(consumers)
  const open: TopicPartition[] = []
  for (const [topic, count] of partitions) {
    for (let partition = 0; partition < count; partition++) {
      const owner = owners.get(keyOf({ topic, partition }))
      const keeps = consumers.find(({ id, topics }) => id === owner && topics.includes(topic))
      if (keeps === undefined) open.push({ topic, partition })
      else shares.get(keeps.id)?.push({ topic, partition })
    }
  }
  for (const item of open) leastLoaded(shares, consumers, item.topic)?.push(item)
  balance(shares, consumers)
  return shares
}

/**
 * Moves partitions from the consumer with the most to the subscribed one with the fewest, until no move
 * helps.
 */
function balance(shares: Map<string, TopicPartition[]>, consumers: readonly Consumer[]): void {
  for (let moved = true; moved;) {
    moved = false
    for (const share of [...shares.values()].toSorted((a, b) => b.length - a.length)) {
      const movable = share.findLastIndex(({ topic }) => {
        const target = leastLoaded(shares, consumers, topic)
        return target !== undefined && target.length + 1 < share.length
      })
      const item = share[movable]
      if (item === undefined) continue
      leastLoaded(shares, consumers, item.topic)?.push(item)
      share.splice(movable, 1)
      moved = true
      break
    }
  }
}

function leastLoaded(
  shares: ReadonlyMap<string, TopicPartition[]>,
  consumers: readonly Consumer[],
  topic: string,
): TopicPartition[] | undefined {
  let least: TopicPartition[] | undefined
  for (const { id, topics } of consumers.toSorted(byId)) {
    const share = shares.get(id)
    if (
      share !== undefined &&
      topics.includes(topic) &&
      (least === undefined || share.length < least.length)
    ) {
      least = share
    }
  }
  return least
}

/** Returns the owner of each partition. If several consumers claim one, the latest generation wins. */
function ownersOf(consumers: readonly Consumer[]): Map<string, string> {
  const owners = new Map<string, string>()
  for (const { id, owned } of consumers.toSorted((a, b) => a.generation - b.generation)) {
    for (const item of owned) owners.set(keyOf(item), id)
  }
  return owners
}

const byClassName: Readonly<Record<string, Assignor>> = {
  RangeAssignor: range,
  RoundRobinAssignor: roundRobin,
  CooperativeStickyAssignor: cooperativeSticky,
}

/** Returns the assignor for a class name in `partition.assignment.strategy`. Throws `HR_CONFIG_INVALID`. */
export function assignorOf(className: string): Assignor {
  const assignor = byClassName[className.replace('org.apache.kafka.clients.consumer.', '')]
  if (assignor !== undefined) return assignor
  const known = Object.keys(byClassName).join(', ')
  const message = `Invalid value ${className} for configuration partition.assignment.strategy: expected one of ${known}`
  throw new ConnectError('HR_CONFIG_INVALID', message, { configKey: 'partition.assignment.strategy' })
}
