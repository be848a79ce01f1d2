import { Shapes } from './shapes.ts'

/** How a field of a new struct or map comes by its value. */
export interface FieldPlan {
  readonly name: string
  /** The field of the old one that it is taken from; or its place among the values given beside it. */
  readonly from: string | number
  /** What stands for a null there. */
  readonly fallback?: unknown
  /** Makes the value of what was found; nulls come here too. */
  readonly change?: ((value: unknown) => unknown) | undefined
  /** Called when the value is null in the end: throws where the field must have one. */
  readonly onNull?: (() => void) | undefined
}

type Fields = Record<string, unknown>

/** Makes a struct of another one, and of values beside it. */
export type StructBuilder = (source: Readonly<Fields>, beside?: readonly unknown[]) => Fields

/** Larger structs are built by a loop: engines keep them as hash tables anyway. */
const MOST_GENERATED_FIELDS = 500

/**
 * Compiles a plan to code that names every field, so that all structs it makes have one shape and none is looked up
 * by a computed name: several times faster than a loop over the fields.
 *
 * Every planned field is there in the result, with null where nothing was found. Any text may name a field.
 */
export function structBuilder(plan: readonly FieldPlan[]): StructBuilder {
  return plan.length > MOST_GENERATED_FIELDS
    ? (source, beside) => build(plan, source, beside)
    : generate(plan)
}

/** Does what the generated code does, one field after the other. */
function build(
  plan: readonly FieldPlan[],
  source: Readonly<Fields>,
  beside: readonly unknown[] = [],
): Fields {
  const result: Fields = {}
  for (const { name, from, fallback = null, change, onNull } of plan) {
    const found = typeof from === 'number' ? beside[from] : ownValue(source, from)
    let value = found ?? fallback
    if (change !== undefined) value = change(value) ?? null
    if (value === null) onNull?.()
    if (name === '__proto__') Object.defineProperty(result, name, { ...PLAIN_PROPERTY, value })
    else result[name] = value
  }
  return result
}

function generate(plan: readonly FieldPlan[]): StructBuilder {
  const steps = plan.flatMap(({ from, fallback, change, onNull }, at) => [
    `let v${at} = ${typeof from === 'number' ? `beside[${from}]` : read(from)}`,
    `if (v${at} === undefined || v${at} === null) v${at} = ${fallback === undefined ? 'null' : `plan[${at}].fallback`}`,
    ...(change === undefined ? [] : [`v${at} = plan[${at}].change(v${at}) ?? null`]),
    ...(onNull === undefined ? [] : [`if (v${at} === null) plan[${at}].onNull()`]),
  ])
  const fields = plan.map(({ name }, at) => `[${JSON.stringify(name)}]: v${at}`)
  const code = `return (source, beside) => {\n${steps.join('\n')}\nreturn { ${fields.join(', ')} }\n}`
  // oxlint-disable-next-line no-new-func, typescript/no-implied-eval -- names come in as string literals only
  return new Function('plan', 'ownValue', code)(plan, ownValue) as StructBuilder
}

/** What every object inherits must not pass for a field. */
function read(name: string): string {
  const literal = JSON.stringify(name)
  return name in Object.prototype ? `ownValue(source, ${literal})` : `source[${literal}]`
}

const ownValue = (source: Readonly<Fields>, name: string): unknown =>
  Object.hasOwn(source, name) ? source[name] : undefined

const PLAIN_PROPERTY = { enumerable: true, configurable: true, writable: true } as const

/**
 * As {@link structBuilder}, for maps without a schema: `planOf` is asked once for each sequence of keys that comes
 * often enough to be remembered.
 */
export function mapBuilder(planOf: (keys: readonly string[]) => readonly FieldPlan[]): StructBuilder {
  const shapes = new Shapes((keys) => structBuilder(planOf(keys)))
  return (source, beside) => {
    const keys = Object.keys(source)
    const built = shapes.of(keys)
    return built === undefined ? build(planOf(keys), source, beside) : built(source, beside)
  }
}
