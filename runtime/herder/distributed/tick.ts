/** The result of a step: continue, restart the tick, or restart it after a pause. */
export type StepResult = 'continue' | 'again' | 'pause'

/** The steps of one tick of the herder, in order. Each can be repeated safely. */
export interface TickSteps {
  /** Reads to the end of the config log when that is due. */
  catchUp(): Promise<StepResult>
  /** Takes part in a rebalance when one is due. */
  joinCluster(): Promise<StepResult>
  /** Starts the work that the last rebalance assigned. */
  startAssignedWork(): Promise<StepResult>
  /** As leader: prevents earlier leaders from writing to the config log. */
  claimWritePrivileges(): Promise<StepResult>
  /** As leader: rotates the session key when it has expired. */
  renewSessionKey(): Promise<StepResult>
  /** Applies changes read from the config log. */
  applyChanges(): Promise<StepResult>
  /**
   * Executes the next requests that can run concurrently. Their changes are applied before later requests.
   */
  runRequest(): Promise<StepResult>
}

/**
 * One tick. A distributed worker repeats it until it is stopped. `rest` means that no work is left.
 *
 * Differs: changes are applied before requests, so that no request sees settings that wait for a rebalance.
 * Source: DistributedHerder.tick.
 */
export async function tick(steps: TickSteps): Promise<'again' | 'pause' | 'rest'> {
  const order = [
    steps.catchUp,
    steps.joinCluster,
    steps.startAssignedWork,
    steps.claimWritePrivileges,
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
