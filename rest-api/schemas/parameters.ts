import { Type } from 'typebox'
import { resourceError } from '../errors.ts'

export const connectorParams = Type.Object({
  connector: Type.String({ description: 'Name of the connector' }),
})

export const taskParams = Type.Object({
  connector: Type.String({ description: 'Name of the connector' }),
  task: Type.String({ description: 'Number of the task, from 0' }),
})

/** A query parameter that may be repeated; only its first value counts. */
const oneOf = (description: string, shown: object) =>
  Type.Optional(Type.Union([Type.String(), Type.Array(Type.String())], { description, 'x-parameter': shown }))

export const textParam = (description: string) => oneOf(description, { type: 'string' })
export const flagParam = (description: string) => oneOf(description, { type: 'boolean', default: false })
export const listParam = (description: string, values: readonly string[]) =>
  oneOf(description, { type: 'array', items: { type: 'string', enum: values } })

const MAX_INT32 = 2 ** 31 - 1

/** Parses a task number. Throws a 404 error unless it is a 32-bit integer. */
export function taskNumber(text: string): number {
  const number = /^[+-]?\d+$/.test(text) ? Number(text) : NaN
  if (!(Math.abs(number) <= MAX_INT32)) throw resourceError(404)
  return number
}

/** Like `Boolean.valueOf`: any value other than `true`, case-insensitive, is false. */
export const isTrue = (text: string | readonly string[] | undefined): boolean =>
  String([text].flat()[0]).toLowerCase() === 'true'
