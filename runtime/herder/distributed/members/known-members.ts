import { messageOf, type Logger } from '../../../../api/index.ts'
import { Backoff, sleep } from '../../../timing/index.ts'
import type { Peers } from '../../peers.ts'
import { askMember, type MemberFacts } from './member-facts.ts'

const FIRST_RETRY_MS = 500
const LONGEST_RETRY_MS = 8000
/** A worker that joins may serve requests only later, but one that never does is not asked for ever. */
const ATTEMPTS = 6

/** A member of the group. */
interface Member {
  readonly id: string
  /** Its REST URL. */
  readonly url: string
}

/**
 * Facts about members that do not tell them in the group protocol, such as Java workers. Each member is asked once,
 * through its REST API, in the background: an assignment uses what is known at the time.
 */
export class KnownMembers {
  readonly #peers: Peers
  readonly #onLearned: (member: Member, facts: MemberFacts) => void
  readonly #stopped: AbortSignal
  readonly #log: Logger
  /** By member ID; undefined while the member is asked, and after it has not answered. */
  readonly #facts = new Map<string, MemberFacts | undefined>()

  constructor(
    peers: Peers,
    onLearned: (member: Member, facts: MemberFacts) => void,
    stopped: AbortSignal,
    log: Logger,
  ) {
    this.#peers = peers
    this.#onLearned = onLearned
    this.#stopped = stopped
    this.#log = log
  }

  /** Returns what is known of a member. */
  of(id: string): MemberFacts | undefined {
    return this.#facts.get(id)
  }

  /** Forgets members that have left the group, and asks new ones. */
  follow(members: readonly Member[]): void {
    const ids = new Set(members.map(({ id }) => id))
    for (const id of this.#facts.keys()) if (!ids.has(id)) this.#facts.delete(id)
    for (const member of members) {
      if (this.#facts.has(member.id)) continue
      this.#facts.set(member.id, undefined)
      void this.#ask(member)
    }
  }

  async #ask(member: Member): Promise<void> {
    const backoff = new Backoff(FIRST_RETRY_MS, LONGEST_RETRY_MS)
    let reason = ''
    for (let attempt = 0; attempt < ATTEMPTS && this.#facts.has(member.id); attempt++) {
      try {
        if (attempt > 0) await sleep(backoff.next(), this.#stopped)
        if (this.#stopped.aborted) return
        const facts = await askMember(this.#peers, member.url)
        if (!this.#facts.has(member.id)) return
        this.#facts.set(member.id, facts)
        this.#onLearned(member, facts)
        return
      } catch (error) {
        reason = messageOf(error)
      }
    }
    if (this.#stopped.aborted || !this.#facts.has(member.id)) return
    this.#log.info('cannot find out which connectors another worker has; assuming that it has all of them', {
      worker: member.url,
      reason,
    })
  }
}
