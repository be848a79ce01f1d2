import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { messageOf, type Finding, type SourceDiagnoseContext } from '../../api/index.ts'
import { topicNameFault } from '../../java/index.ts'
import { error, warning } from '../shared/finding.ts'

const { R_OK, W_OK, X_OK } = constants

/** Returns an error if Kafka rejects the name of the topic to write to. */
export function diagnoseTopic(topic: string): Finding[] {
  const fault = topicNameFault(topic)
  if (fault === undefined) return []
  const text = `Kafka rejects the topic name '${topic}': ${fault}.`
  return [error('topic-name', text, 'Correct the setting topic.')]
}

/**
 * Returns the reasons why the source cannot read its file. Does not open the file, because that would affect a named
 * pipe.
 */
export async function diagnoseSourceFile(
  file: string,
  { lastOffsets }: Pick<SourceDiagnoseContext, 'lastOffsets'>,
): Promise<Finding[]> {
  const missing = await missingFolder(file)
  if (missing !== undefined) return [{ ...missing, severity: 'warning' }]
  try {
    const stats = await stat(file)
    if (stats.isDirectory()) return [isDirectory(file)]
    await access(file, R_OK)
    const [offset] = await lastOffsets([{ filename: file }])
    const position = Number(offset?.['position'] ?? 0)
    return stats.isFile() && position > stats.size ? [beyondEnd(file, position, stats.size)] : []
  } catch (failure) {
    if (!isMissing(failure)) return [notAccessible(file, 'read', failure)]
    const text = `The file ${file} does not exist. The source waits until it does.`
    return [warning('file-missing', text, `Create the file, ${orCorrectPath}`)]
  }
}

/** Returns the reasons why the sink cannot write its file. Does not create the file. */
export async function diagnoseSinkFile(file: string): Promise<Finding[]> {
  const missing = await missingFolder(file)
  if (missing !== undefined) return [missing]
  try {
    if ((await stat(file)).isDirectory()) return [isDirectory(file)]
    await access(file, R_OK | W_OK) // the end of the file is read to find an incomplete line
    return []
  } catch (failure) {
    if (!isMissing(failure)) return [notAccessible(file, 'write', failure)]
  }
  const folder = dirname(file)
  try {
    await access(folder, W_OK | X_OK)
    return []
  } catch (failure) {
    const text = `The worker cannot create a file in the folder ${folder}: ${messageOf(failure)}`
    const remedy = `Allow the user of the worker to write to ${folder}, or correct the setting file.`
    return [error('folder-not-writable', text, remedy)]
  }
}

async function missingFolder(file: string): Promise<Finding | undefined> {
  const folder = dirname(file)
  try {
    await stat(folder)
    return undefined
  } catch (failure) {
    if (!isMissing(failure)) return undefined // opening the file gives a more specific error
    return error(
      'folder-missing',
      `The folder ${folder} does not exist.`,
      `Create the folder, ${orCorrectPath}`,
    )
  }
}

const isMissing = (failure: unknown): boolean => (failure as NodeJS.ErrnoException).code === 'ENOENT'

const orCorrectPath = 'or correct the setting file. The path is one on the machine of the worker.'

const isDirectory = (file: string): Finding =>
  error('file-is-directory', `${file} is a directory, expected a file.`, 'Name a file in the setting file.')

const notAccessible = (file: string, how: 'read' | 'write', failure: unknown): Finding =>
  error(
    how === 'read' ? 'file-not-readable' : 'file-not-writable',
    `The worker cannot ${how} the file ${file}: ${messageOf(failure)}`,
    `Allow the user of the worker to ${how} the file, or correct the setting file.`,
  )

const beyondEnd = (file: string, position: number, size: number): Finding =>
  warning(
    'offset-beyond-end',
    `The stored offset is ${position}, but the file ${file} has only ${size} bytes. The source waits until the file has grown.`,
    'If the file was replaced, stop the connector and reset its offsets.',
  )
