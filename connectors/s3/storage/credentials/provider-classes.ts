import type { CredentialsChoice } from '../settings.ts'

/** A choice of credentials by the name of a Java class. */
export type ProvidedBy = CredentialsChoice['kind']

const V1 = 'com.amazonaws.auth.'
const V2 = 'software.amazon.awssdk.auth.credentials.'

/** The classes of version 1 and 2 of the AWS SDK for Java, and of Confluent, with what they stand for. */
const classes: ReadonlyMap<string, ProvidedBy> = new Map([
  [`${V1}DefaultAWSCredentialsProviderChain`, 'chain'],
  [`${V1}AWSCredentialsProviderChain`, 'chain'],
  [`${V1}EC2ContainerCredentialsProviderWrapper`, 'container'],
  [`${V1}ContainerCredentialsProvider`, 'container'],
  [`${V1}EnvironmentVariableCredentialsProvider`, 'environment'],
  [`${V1}InstanceProfileCredentialsProvider`, 'instance'],
  [`${V1}WebIdentityTokenCredentialsProvider`, 'web-identity'],
  [`${V1}profile.ProfileCredentialsProvider`, 'profile'],
  [`${V1}AWSStaticCredentialsProvider`, 'static'],
  [`${V1}AnonymousAWSCredentials`, 'anonymous'],
  [`${V1}STSAssumeRoleSessionCredentialsProvider`, 'assume-role'],
  [`${V2}DefaultCredentialsProvider`, 'chain'],
  [`${V2}AwsCredentialsProviderChain`, 'chain'],
  [`${V2}ContainerCredentialsProvider`, 'container'],
  [`${V2}EnvironmentVariableCredentialsProvider`, 'environment'],
  [`${V2}InstanceProfileCredentialsProvider`, 'instance'],
  [`${V2}WebIdentityTokenFileCredentialsProvider`, 'web-identity'],
  [`${V2}ProfileCredentialsProvider`, 'profile'],
  [`${V2}StaticCredentialsProvider`, 'static'],
  [`${V2}AnonymousCredentialsProvider`, 'anonymous'],
  ['software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider', 'assume-role'],
  ['software.amazon.awssdk.services.sts.auth.StsWebIdentityTokenFileCredentialsProvider', 'web-identity'],
  ['io.confluent.connect.s3.auth.AwsAssumeRoleCredentialsProvider', 'assume-role'],
])

const systemProperties = `there are no system properties of Java; use ${V2}EnvironmentVariableCredentialsProvider`

/** Classes that have no equal, with what to use instead. */
const replaced: ReadonlyMap<string, string> = new Map([
  [`${V1}SystemPropertiesCredentialsProvider`, systemProperties],
  [`${V2}SystemPropertyCredentialsProvider`, systemProperties],
  [
    `${V1}ClasspathPropertiesFileCredentialsProvider`,
    `there is no class path; use ${V1}profile.ProfileCredentialsProvider with the shared credentials file`,
  ],
  [
    `${V1}PropertiesFileCredentialsProvider`,
    `use ${V1}profile.ProfileCredentialsProvider with the shared credentials file`,
  ],
  [
    `${V2}ProcessCredentialsProvider`,
    `use ${V2}ProfileCredentialsProvider with a profile that has credential_process`,
  ],
])

/**
 * Looks up the class of a credentials provider. Returns its choice, or the reason why it is refused, with what to use
 * instead.
 */
export function credentialsClass(name: string): { readonly kind: ProvidedBy } | { readonly refused: string } {
  const kind = classes.get(name.trim())
  if (kind !== undefined) return { kind }
  const known = replaced.get(name.trim())
  if (known !== undefined) return { refused: `${name.trim()} is not supported: ${known}` }
  const others = 'the environment, profiles, web identity, containers and instances'
  return {
    refused:
      `${name.trim()} is not supported: classes of Java cannot be loaded; use ${V2}DefaultCredentialsProvider, which ` +
      `covers ${others}, io.confluent.connect.s3.auth.AwsAssumeRoleCredentialsProvider for a role, or ` +
      `aws.access.key.id and aws.secret.access.key`,
  }
}
