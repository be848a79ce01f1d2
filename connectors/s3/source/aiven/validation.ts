import { messageOf, type ConfigFault, type TaskProps } from '../../../../api/index.ts'
import { isWellFormed, parseConfig, topicNameFault } from '../../../../java/index.ts'
import { aivenAccessFaults } from '../../aiven/validation.ts'
import { faultOf, invalid } from '../../config/checks/fault.ts'
import { aivenSourceConfig, type AivenSourceConfig } from './definition.ts'
import { templateExpression } from './naming.ts'
import { withAivenSinkDefaults } from './storage.ts'

/**
 * Returns what is wrong with settings that depend on others.
 *
 * Source: S3SourceConfig.validate, SourcenameTemplateValidator. Differs: names without a topic are refused at once.
 */
export function validateAivenSource(props: TaskProps): readonly ConfigFault[] {
  if (!isWellFormed(aivenSourceConfig, props)) return []
  const config = parseConfig(aivenSourceConfig, props)
  return [
    ...aivenAccessFaults(withAivenSinkDefaults(config)),
    ...templateFaults(config),
    ...topicFaults(config),
  ]
}

const TEMPLATE = 'file.name.template'

function templateFaults(config: AivenSourceConfig): readonly ConfigFault[] {
  const template = config[TEMPLATE] ?? ''
  if (template.trim() === '') return faultOf(`${TEMPLATE} must not be empty or not set`, TEMPLATE)
  try {
    templateExpression(template)
  } catch (error) {
    return [invalid(TEMPLATE, template, `it is not a regular expression: ${messageOf(error)}`)]
  }
  if (config['distribution.type'].toLowerCase() === 'partition' && !template.includes('{{partition}}')) {
    return [invalid(TEMPLATE, template, 'distribution.type=partition requires {{partition}}')]
  }
  return []
}

function topicFaults(config: AivenSourceConfig): readonly ConfigFault[] {
  const { topic } = config
  if (topic === null) {
    const hasTopic = (config[TEMPLATE] ?? '').includes('{{topic}}')
    return hasTopic ? [] : faultOf(`topic is required if ${TEMPLATE} has no {{topic}}`, 'topic')
  }
  const fault = topicNameFault(topic)
  return fault === undefined ? [] : [invalid('topic', topic, `Kafka rejects such a topic name: ${fault}`)]
}
