import { styleText } from 'node:util'
import type { LogLine } from './logger.ts'

const colours = { ERROR: 'red', WARN: 'yellow', INFO: 'green', DEBUG: 'blue', TRACE: 'gray' } as const
const LEVEL_WIDTH = 5

/**
 * Formats a line for a terminal: time of day, level, source, message, and fields. The source is the connector
 * with its task number, or else the logger. The stack of an error and its causes follow on separate lines.
 */
export function prettyLine({ time, level, logger, message, fields }: LogLine, coloured: boolean): string {
  const { connector, task, ...others } = fields
  const who =
    connector === undefined ? logger : `${text(connector)}${task === undefined ? '' : `-${text(task)}`}`
  const paint = (style: Parameters<typeof styleText>[0], words: string) =>
    coloured ? styleText(style, words, { validateStream: false }) : words
  const stacks: string[] = []
  const details = Object.entries(others).flatMap(([key, value]) => {
    const stack = stackOf(value)
    if (stack !== undefined) stacks.push(stack)
    return stack === undefined && value !== undefined ? [`${key}=${text(value)}`] : []
  })
  const head = [
    paint('gray', timeOfDay(time)),
    paint(colours[level], level.padEnd(LEVEL_WIDTH)),
    paint('cyan', `[${who}]`),
    message,
    ...(details.length === 0 ? [] : [paint('gray', details.join(' '))]),
  ]
  return [head.join(' '), ...stacks.map(indented)].join('\n')
}

const two = (value: number): string => String(value).padStart(2, '0')

/** Formats the local time with milliseconds. */
function timeOfDay(time: number): string {
  const date = new Date(time)
  const millis = String(date.getMilliseconds()).padStart(3, '0')
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${millis}`
}

function text(value: unknown): string {
  if (typeof value === 'string') return /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value)
  return JSON.stringify(value) ?? String(value)
}

/** Returns the stacks of an error and its causes, given in plain form; undefined for other values. */
function stackOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { type, message, stack, cause } = value as Readonly<Record<string, unknown>>
  if (typeof type !== 'string' || typeof message !== 'string') return undefined
  const own = typeof stack === 'string' ? stack : `${type}: ${message}`
  const inner = stackOf(cause)
  return inner === undefined ? own : `${own}\nCaused by: ${inner}`
}

const indented = (lines: string): string => lines.replaceAll(/^/gm, '    ')
