import { Type } from 'typebox'
import { routingError } from '../errors.ts'

export const connectorParams = Type.Object({
  connector: Type.String({ description: 'Name of the connector' }),
})

export const taskParams = Type.Object({
  connector: Type.String({ description: 'Name of the connector' }),
  task: Type.String({ description: 'Number of the task, from 0' }),
})

const MAX_INT32 = 2 ** 31 - 1

/** A path that names no task by a 32-bit number does not exist. */
export function taskNumber(text: string): number {
  const number = /^[+-]?\d+$/.test(text) ? Number(text) : NaN
  if (!(Math.abs(number) <= MAX_INT32)) throw routingError(404)
  return number
}

/** As `Boolean.valueOf`: everything but `true`, in any case, is false. */
export const isTrue = (text: string | readonly string[] | undefined): boolean =>
  String([text].flat()[0]).toLowerCase() === 'true'
