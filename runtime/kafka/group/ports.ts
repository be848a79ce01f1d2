import type { Instant } from '../../timing/index.ts'

/** A member of the group, as the coordinator describes it to the leader. */
export interface JoinedMember {
  readonly id: string
  readonly metadata: Buffer
}

/** The assignment that the leader made for this member. */
export interface Share {
  readonly assignment: Buffer
  readonly protocol: string
  readonly memberId: string
  readonly generation: number
}

/** Protocol of a group: the metadata of its members, and how the leader assigns the work. */
export interface GroupProtocol {
  /** Protocol type of the group: `connect` or `consumer`. */
  readonly type: string
  /** Returns the protocols that this member supports, in order of preference, with their current metadata. */
  offered(): readonly { readonly name: string; readonly metadata: Buffer }[]
  /** Returns an assignment for each member. Called on the leader only. */
  assign(
    protocol: string,
    self: { readonly id: string; readonly generation: number },
    members: readonly JoinedMember[],
  ): ReadonlyMap<string, Buffer> | Promise<ReadonlyMap<string, Buffer>>
  /** Called before each join. Revokes the work that must not continue during a rebalance. */
  prepare(): Promise<void>
  /**
   * Loads the state that a share needs, while the owner's work continues. Retries until `signal` is aborted.
   * Resolves to false if it was aborted; the share is then dropped.
   */
  ready?(share: Share, signal: AbortSignal): Promise<boolean>
  /** Called with the member's share when the group has settled. */
  assigned(share: Share): Promise<void>
  /** Called when the coordinator has answered as to a member; `sentAt` is the time at which it was asked. */
  contacted?(sentAt: Instant): void
  /** Called when the group has expelled this member. Its work may already be assigned to other members. */
  lost(): Promise<void>
}

export interface GroupSettings {
  readonly groupId: string
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
  readonly heartbeatIntervalMs: number
}

/**
 * `outside`: no member id. `joining`: a join is in progress. `settled`: member of the current generation.
 * `rejoin-due`: the group is rebalancing, or this member requested it. `expelled`: the group no longer knows
 * the member. `left`: the member left the group, and stays outside until its owner asks it to return.
 */
export type MemberState = 'outside' | 'joining' | 'settled' | 'rejoin-due' | 'expelled' | 'left'

export type MemberEvent =
  'join' | 'synced' | 'join-failed' | 'rejoin-asked' | 'expelled' | 'forgotten' | 'leave' | 'return'

export const memberMoves: Readonly<Record<MemberState, Partial<Record<MemberEvent, MemberState>>>> = {
  'outside': { 'join': 'joining', 'rejoin-asked': 'outside', 'expelled': 'outside', 'leave': 'left' },
  'joining': {
    'synced': 'settled',
    'join-failed': 'rejoin-due',
    'rejoin-asked': 'joining',
    'expelled': 'expelled',
    'leave': 'left',
  },
  'settled': { 'rejoin-asked': 'rejoin-due', 'expelled': 'expelled', 'leave': 'left' },
  'rejoin-due': { 'join': 'joining', 'rejoin-asked': 'rejoin-due', 'expelled': 'expelled', 'leave': 'left' },
  'expelled': { 'forgotten': 'outside', 'rejoin-asked': 'expelled', 'expelled': 'expelled', 'leave': 'left' },
  'left': { 'leave': 'left', 'rejoin-asked': 'left', 'expelled': 'left', 'return': 'outside' },
}
