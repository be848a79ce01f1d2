import { invalidValue, messageOf, type ConfigFault, type TaskProps } from '../../../api/index.ts'
import { isWellFormed, parseConfig } from '../../../java/index.ts'
import { faultOf, invalid } from '../config/checks/fault.ts'
import { credentialsClass } from '../storage/index.ts'
import { aivenSinkConfig, type AivenSinkConfig } from './definition.ts'
import { groupingOf, parameterFault, templateFault } from './grouping.ts'
import { nameTemplate, oldPrefix } from './name-templates.ts'
import { outputSettings } from './output.ts'
import { parseTemplate, type TemplatePart } from './template.ts'

/**
 * Returns what is wrong with settings that depend on others. The messages are Aiven's where it checks the same. While a
 * setting is invalid by itself, nothing else is checked.
 *
 * Source: S3SinkConfig, S3ConfigFragment.validate, SinkCommonConfig.validate. Differs: a request gets these messages;
 * Aiven's connector reports them when its tasks start.
 */
export function validateAivenSink(props: TaskProps): readonly ConfigFault[] {
  if (!isWellFormed(aivenSinkConfig, props)) return []
  const config = parseConfig(aivenSinkConfig, props)
  return [
    ...aivenAccessFaults(config),
    ...nameFaults(config),
    ...prefixFaults(config),
    ...outputFaults(config),
  ]
}

/** Checks the bucket and the credentials. */
export function aivenAccessFaults(config: AivenSinkConfig): readonly ConfigFault[] {
  return [...bucketFaults(config), ...credentialsFaults(config)]
}

function bucketFaults(config: AivenSinkConfig): readonly ConfigFault[] {
  if (config['aws.s3.bucket.name'] !== null || config['aws_s3_bucket'] !== null) return []
  return faultOf(
    'Neither aws.s3.bucket.name nor aws_s3_bucket properties have been set',
    'aws.s3.bucket.name',
  )
}

function credentialsFaults(config: AivenSinkConfig): readonly ConfigFault[] {
  const id = config['aws.access.key.id'] ?? config['aws_access_key_id']
  const secret = config['aws.secret.access.key'] ?? config['aws_secret_access_key']
  const half = 'aws.access.key.id and aws.secret.access.key must be set together'
  const [arn, session] = [config['aws.sts.role.arn'], config['aws.sts.role.session.name']]
  const role = 'aws.sts.role.arn and aws.sts.role.session.name must be set together'
  const provider = credentialsClass(config['aws.credentials.provider'] ?? '')
  const hasOwnSts = config['aws.sts.config.endpoint'] !== aivenSinkConfig['aws.sts.config.endpoint'].default
  return [
    ...(id !== null && secret === null ? faultOf(half, 'aws.secret.access.key') : []),
    ...(id === null && secret !== null ? faultOf(half, 'aws.access.key.id') : []),
    ...(arn !== null && session === null ? faultOf(role, 'aws.sts.role.session.name') : []),
    ...(arn === null && session !== null ? faultOf(role, 'aws.sts.role.arn') : []),
    ...('kind' in provider && provider.kind === 'assume-role' && arn === null
      ? faultOf('aws.credentials.provider requires aws.sts.role.arn', 'aws.sts.role.arn')
      : []),
    ...('kind' in provider && provider.kind === 'static' && id === null
      ? faultOf('aws.credentials.provider requires aws.access.key.id', 'aws.access.key.id')
      : []),
    ...(arn !== null && hasOwnSts && config['aws.s3.region'] === null
      ? faultOf('aws.s3.region should be specified together with aws.sts.config.endpoint', 'aws.s3.region')
      : []),
  ]
}

function nameFaults(config: AivenSinkConfig): readonly ConfigFault[] {
  const key = 'file.name.template'
  const shown = config[key] ?? config['file.prefix.template']
  const parsed = parsedOr(() => nameTemplate(config))
  if (typeof parsed === 'string') return [{ key, message: invalidValue(key, shown, parsed) }]
  const fault = templateFault(parsed)
  if (fault !== undefined) return [invalid(key, shown, fault)]
  const byKey = groupingOf(parsed) === 'key'
  const hasKey = groupingOf(parsed) !== 'partition'
  return [
    ...(byKey && config['file.max.records'] > 1
      ? faultOf(`When ${key} is ${shown}, file.max.records must be either 1 or not set`, 'file.max.records')
      : []),
    ...(hasKey && oldPrefix(config) !== null
      ? [invalid(key, shown, 'key is not possible with aws.s3.prefix; use file.prefix.template instead')]
      : []),
  ]
}

function prefixFaults(config: AivenSinkConfig): readonly ConfigFault[] {
  const prefix = oldPrefix(config)
  if (prefix === null) return []
  const key = 'aws.s3.prefix'
  const parsed = parsedOr(() => parseTemplate(prefix))
  const fault = typeof parsed === 'string' ? parsed : parameterFault(parsed)
  return [
    ...(fault === undefined ? [] : [invalid(key, prefix, fault)]),
    ...(config['file.prefix.template'] === null
      ? []
      : [
          invalid(
            'file.prefix.template',
            config['file.prefix.template'],
            'not possible together with aws.s3.prefix',
          ),
        ]),
  ]
}

function parsedOr(parse: () => readonly TemplatePart[]): readonly TemplatePart[] | string {
  try {
    return parse()
  } catch (error) {
    return messageOf(error)
  }
}

function outputFaults(config: AivenSinkConfig): readonly ConfigFault[] {
  const { envelope } = outputSettings(config)
  const key = 'format.output.fields'
  if (envelope || config[key]?.length === 1) return []
  return faultOf(`When format.output.envelope is false, ${key} must contain only one field`, key)
}
