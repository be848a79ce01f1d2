import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { projectFolder } from '../services/project.ts'

/** The file to copy. */
export const sourceFile = join(projectFolder, 'integration-tests/demo/data/days.csv')

/** The copy. Each run replaces it. */
export const sinkFile = join(projectFolder, 'dist/demo/days.jsonl')

const JSON_CONVERTER = 'org.apache.kafka.connect.json.JsonConverter'
const STRING_CONVERTER = 'org.apache.kafka.connect.storage.StringConverter'

/** Returns the settings of both connectors, which also work with the Java worker. */
export function connectorConfigs(topic: string) {
  return {
    source: {
      'connector.class': 'org.apache.kafka.connect.file.FileStreamSourceConnector',
      'file': sourceFile,
      topic,
      'value.converter': JSON_CONVERTER,
      'value.converter.schemas.enable': 'false',
      'transforms': 'hoist,insert',
      'transforms.hoist.type': 'org.apache.kafka.connect.transforms.HoistField$Value',
      'transforms.hoist.field': 'line',
      'transforms.insert.type': 'org.apache.kafka.connect.transforms.InsertField$Value',
      'transforms.insert.static.field': 'origin',
      'transforms.insert.static.value': 'days.csv',
    },
    sink: {
      'connector.class': 'org.apache.kafka.connect.file.FileStreamSinkConnector',
      'topics': topic,
      'file': sinkFile,
      'value.converter': STRING_CONVERTER,
    },
  }
}

export async function linesOf(file: string): Promise<string[]> {
  return (await readFile(file, 'utf8')).split('\n').slice(0, -1)
}

/** Compares the copy with the original. Resolves to the first difference, or undefined if there is none. */
export async function faultOf(): Promise<string | undefined> {
  const expected = await linesOf(sourceFile)
  const found = await linesOf(sinkFile)
  for (const [index, line] of expected.entries()) {
    const text = found[index]
    if (text === undefined) return `line ${index + 1} of ${expected.length} is missing`
    const { line: value, origin } = JSON.parse(text) as { line?: unknown; origin?: unknown }
    if (value !== line || origin !== 'days.csv') return `line ${index + 1} is ${text}, expected ${line}`
  }
  return found.length === expected.length ? undefined : `${found.length - expected.length} additional lines`
}
