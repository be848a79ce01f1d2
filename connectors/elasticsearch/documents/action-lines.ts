import { jsonString } from '../../../java/index.ts'
import type { Target } from '../ports.ts'

/** The starts of the lines of actions on a target, such as `{"index":{"_index":"orders"`. */
export interface ActionHeads {
  readonly index: string
  readonly create: string
  readonly update: string
  readonly delete: string
}

/** Returns the function that finds the starts of the lines of a target, which are composed once per target. */
export function actionHeads(
  pipeline: string | null,
  retryOnConflict: number,
): (target: Target) => ActionHeads {
  const known = new WeakMap<Target, ActionHeads>()
  const piped = pipeline === null ? '' : `,"pipeline":${jsonString(pipeline)}`
  const retried = retryOnConflict === 0 ? '' : `,"retry_on_conflict":${retryOnConflict}`
  const compose = ({ name }: Target): ActionHeads => {
    const index = jsonString(name)
    return {
      index: `{"index":{"_index":${index}${piped}`,
      create: `{"create":{"_index":${index}${piped}`,
      update: `{"update":{"_index":${index}${piped}${retried}`,
      delete: `{"delete":{"_index":${index}`,
    }
  }
  let last: Target | undefined
  let heads: ActionHeads
  return (target) => {
    if (target === last) return heads
    const found = known.get(target) ?? compose(target)
    known.set(target, found)
    last = target
    return (heads = found)
  }
}

/** Returns the line of an action, with a newline. */
export function actionLine(
  head: string,
  id: string | null,
  version: number | bigint | null,
  routing: string | null,
): string {
  const identified = id === null ? head : `${head},"_id":${jsonString(id)}`
  const routed = routing === null ? identified : `${identified},"routing":${jsonString(routing)}`
  return version === null ? `${routed}}}\n` : `${routed},"version":${version},"version_type":"external"}}\n`
}
