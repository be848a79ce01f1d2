import type { ConfigFault, TaskProps } from '../../../../api/index.ts'
import { isWellFormed, parseConfig, settingText } from '../../../../java/index.ts'
import { accessFaults } from '../../config/checks/access.ts'
import { invalid } from '../../config/checks/fault.ts'
import { s3SourceConfig, type S3SourceConfig } from './definition.ts'
import { isGeneric, rootsOf, topicsRoot } from './plan.ts'
import { withSinkDefaults } from './storage.ts'
import { patternFault, templateFault } from './topics.ts'

/**
 * Returns what is wrong with settings that depend on others, and settings of Confluent's source that cannot be honoured.
 */
export function validateS3Source(props: TaskProps): readonly ConfigFault[] {
  const refused = refusedSettings(props)
  if (!isWellFormed(s3SourceConfig, props)) return refused
  const config = parseConfig(s3SourceConfig, props)
  return [
    ...refused,
    ...topicFaults(config),
    ...folderFaults(config),
    ...accessFaults(withSinkDefaults(config)),
  ]
}

const refusals: readonly (readonly [key: string, refuses: (value: string) => boolean, reason: string])[] = [
  [
    'behavior.on.error',
    (value) => value.toLowerCase() === 'log',
    'log writes errors to a topic, which is not supported; use ignore, which logs them, or fail',
  ],
  [
    'task.batch.size',
    () => true,
    'objects are not assigned to tasks in batches: each task finds its objects by itself; remove the setting',
  ],
]

function refusedSettings(props: TaskProps): ConfigFault[] {
  return refusals.flatMap(([key, refuses, reason]) => {
    const value = settingText(props, key)
    return value !== undefined && refuses(value) ? [invalid(key, value, reason)] : []
  })
}

function topicFaults(config: S3SourceConfig): ConfigFault[] {
  const { topic, 'topic.regex.list': patterns } = config
  const faults = patterns.flatMap((element) => {
    const fault = patternFault(element)
    return fault === undefined ? [] : [invalid('topic.regex.list', element, fault)]
  })
  const template = topic === null ? undefined : templateFault(topic, isGeneric(config))
  if (template !== undefined) faults.push(invalid('topic', topic, template))
  if (!isGeneric(config) && patterns.length > 0) {
    faults.push(invalid('topic.regex.list', patterns, 'requires mode=GENERIC'))
  }
  if (isGeneric(config) && topic === null && patterns.length === 0) {
    const message = 'mode=GENERIC requires topic.regex.list or topic'
    faults.push({ key: 'topic.regex.list', message })
  }
  return faults
}

/** A directory in another one would be read twice. */
function folderFaults(config: S3SourceConfig): ConfigFault[] {
  const roots = rootsOf(config)
  const topics = topicsRoot(config)
  const outside = roots.find((root) => !root.startsWith(topics))
  if (outside !== undefined && !isGeneric(config)) {
    return [
      invalid(
        'folders',
        outside,
        `with mode=RESTORE_BACKUP, a directory in topics.dir is expected: ${topics}`,
      ),
    ]
  }
  return roots.flatMap((root, index) => {
    const outer = roots.find((other, at) => at !== index && root.startsWith(other))
    return outer === undefined ? [] : [invalid('folders', root, `it is in ${outer}, which is also listed`)]
  })
}
