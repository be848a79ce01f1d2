import { Type, type TInteger, type TNull, type TUnion } from 'typebox'
import type { Metric, MetricTable } from '../../runtime/index.ts'

type Field<M> = M extends { readonly nullable: true } ? TUnion<[TInteger, TNull]> : TInteger

/** Returns the properties of a response with all metrics of a table. */
export function metricsSchema<D extends MetricTable>(table: D) {
  const entries = Object.values<Metric>(table).map(({ name, unit, doc, nullable }) => {
    const about = { description: `${doc} (${unit})` }
    return [name, nullable === true ? Type.Union([Type.Integer(), Type.Null()], about) : Type.Integer(about)]
  })
  return Object.fromEntries(entries) as { readonly [K in keyof D as D[K]['name']]: Field<D[K]> }
}
