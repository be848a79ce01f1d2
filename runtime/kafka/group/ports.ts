/** A member as its leader sees it. */
export interface JoinedMember {
  readonly id: string
  readonly metadata: Buffer
}

/** What the leader gave to this member. */
export interface Share {
  readonly assignment: Buffer
  readonly protocol: string
  readonly memberId: string
  readonly generation: number
}

/** What a group is for: how members present themselves, and how the leader divides the work. */
export interface GroupProtocol {
  /** Protocol type of the group: `connect` or `consumer`. */
  readonly type: string
  /** Protocols that this member speaks, in order of preference, each with its metadata as of now. */
  offered(): readonly { readonly name: string; readonly metadata: Buffer }[]
  /** Called on the leader alone: an assignment for each member. */
  assign(
    protocol: string,
    self: { readonly id: string; readonly generation: number },
    members: readonly JoinedMember[],
  ): ReadonlyMap<string, Buffer> | Promise<ReadonlyMap<string, Buffer>>
  /** Before each join; gives up what may not be kept during a rebalance. */
  prepare(): Promise<void>
  /**
   * Reads what is needed to take a share over, beside the owner's work. Retries until `signal` is aborted: the
   * share is not taken over then. False when it stopped for that reason.
   */
  ready?(share: Share, signal: AbortSignal): Promise<boolean>
  /** The group is settled, and this is the member's share. */
  assigned(share: Share): Promise<void>
  /** The group went on without this member: what it had may already be someone else's. */
  lost(): Promise<void>
}

export interface GroupSettings {
  readonly groupId: string
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
  readonly heartbeatIntervalMs: number
}

/**
 * `outside`: no member id. `joining`: a join is under way. `settled`: member of the current generation.
 * `rejoin-due`: the group rebalances, or this member asked for it. `expelled`: the group no longer knows the member.
 * `left`: it went of its own accord, and stays outside until it is told to return.
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
