import type { MaskRule } from './masks.ts'

/** An answer's body as predicates look at it: of a shape that each of them knows. */
// oxlint-disable-next-line typescript/no-explicit-any -- what an answer holds is what the test is about
export type Body = any

/** What a scenario is given: names and files of a prefix that no other run has. */
export interface Place {
  readonly prefix: string
  readonly base: string
  /** The folder of files. */
  readonly tmp: string
  /** The name of a connector, topic or group. */
  n(name: string): string
  /** The path of a file. */
  f(name: string): string
}

export interface HttpOptions {
  readonly json?: unknown
  /** The body as it is. */
  readonly raw?: string
  readonly headers?: Readonly<Record<string, string | null>>
  readonly mask?: readonly MaskRule[]
  /** Headers to compare besides the usual ones. */
  readonly keep?: readonly string[]
  /** Headers whose values are lists without an order. */
  readonly sortHeaders?: readonly string[]
  readonly statusOnly?: boolean
  /** Lists of plugins are compared by their own rule. */
  readonly compare?: 'plugins'
  /** The answer is not compared. */
  readonly quiet?: boolean
  /** A refusal because of a rebalance is what is wanted. */
  readonly noRetry?: boolean
}

export interface HttpStep extends HttpOptions {
  readonly kind: 'http'
  readonly method: string
  readonly path: string
  /** Asked again until it holds; the last answer is compared. */
  readonly until?: (body: Body, status: number) => boolean
  readonly timeoutMs?: number
}

/** Waits until a file has some lines, or is as `pred` wants it; its lines are compared. */
export interface FileStep {
  readonly kind: 'file'
  readonly file: string
  readonly lines: number
  readonly timeoutMs: number
  readonly sort?: boolean
  readonly pred?: (text: string) => boolean
}

export type Step =
  | HttpStep
  | FileStep
  | { readonly kind: 'write'; readonly file: string; readonly text: string }
  | { readonly kind: 'append'; readonly file: string; readonly text: string }
  | { readonly kind: 'sleep'; readonly ms: number }

/** Requests whose answers by a Java worker are recorded under the same name. */
export interface Scenario {
  readonly name: string
  readonly doc?: string
  /** What the worker has to be set up with. */
  readonly tags?: readonly string[]
  readonly mask?: readonly MaskRule[]
  steps(place: Place): readonly Step[]
}

/** What came of a step, made comparable. */
export interface StepResult {
  readonly label: string
  readonly timeout?: boolean
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly compare?: 'plugins'
}
