import assert from 'node:assert/strict'
import { test } from 'node:test'
import { credentialsClass } from '../provider-classes.ts'

const kindOf = (name: string): string | undefined => {
  const found = credentialsClass(name)
  return 'kind' in found ? found.kind : undefined
}
const refusalOf = (name: string): string => {
  const found = credentialsClass(name)
  return 'refused' in found ? found.refused : ''
}

test('classes of both versions of the SDK for Java stand for the same choices', () => {
  assert.equal(kindOf('com.amazonaws.auth.DefaultAWSCredentialsProviderChain'), 'chain')
  assert.equal(kindOf('software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider'), 'chain')
  assert.equal(kindOf('com.amazonaws.auth.profile.ProfileCredentialsProvider'), 'profile')
  assert.equal(kindOf('software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider'), 'profile')
  assert.equal(kindOf('com.amazonaws.auth.EC2ContainerCredentialsProviderWrapper'), 'container')
  assert.equal(kindOf('io.confluent.connect.s3.auth.AwsAssumeRoleCredentialsProvider'), 'assume-role')
})

test('white space around a class is ignored', () => {
  assert.equal(kindOf(' com.amazonaws.auth.InstanceProfileCredentialsProvider\n'), 'instance')
})

test('a class that depends on Java is refused with the one to use instead', () => {
  const refusal = refusalOf('com.amazonaws.auth.SystemPropertiesCredentialsProvider')
  assert.match(refusal, /^com\.amazonaws\.auth\.SystemPropertiesCredentialsProvider is not supported/)
  assert.match(refusal, /EnvironmentVariableCredentialsProvider$/)
})

test('an unknown class is refused by name with the choices', () => {
  const refusal = refusalOf('org.example.VaultCredentials')
  assert.match(refusal, /^org\.example\.VaultCredentials is not supported/)
  assert.match(refusal, /DefaultCredentialsProvider.*AwsAssumeRoleCredentialsProvider.*aws\.access\.key\.id/)
})

test('names of properties of objects are unknown classes', () => {
  assert.match(refusalOf('constructor'), /^constructor is not supported/)
})
