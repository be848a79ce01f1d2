/** What a step of a turn says: go on, begin the turn again, or begin it again after a pause. */
export type StepResult = 'continue' | 'again' | 'pause'

/** The steps of one turn of the herder, in their order. Each is safe to be done again. */
export interface TickSteps {
  /** Reads the config log to its end when that is due. */
  catchUp(): Promise<StepResult>
  /** Takes part in a rebalance when one is due. */
  joinCluster(): Promise<StepResult>
  /** Starts what the last rebalance brought. */
  takeUpWork(): Promise<StepResult>
  /** As leader: keeps the key for requests among workers fresh. */
  renewSessionKey(): Promise<StepResult>
  /** Carries out what came in through the config log. */
  applyChanges(): Promise<StepResult>
  /** Carries out the next requests that can go together. Their changes are applied before the requests after them. */
  runRequest(): Promise<StepResult>
}

/**
 * One turn: the whole life of a distributed worker is this, over and over. `rest` says that nothing is left to do.
 *
 * Differs: changes are applied before requests, so that no request meets settings that wait for a rebalance.
 * Source: DistributedHerder.tick.
 */
export async function tick(steps: TickSteps): Promise<'again' | 'pause' | 'rest'> {
  const order = [
    steps.catchUp,
    steps.joinCluster,
    steps.takeUpWork,
    steps.renewSessionKey,
    steps.applyChanges,
    steps.runRequest,
  ]
  for (const step of order) {
    const result = await step.call(steps)
    if (result !== 'continue') return result
  }
  return 'rest'
}
