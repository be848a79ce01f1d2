import { ConnectError, messageOf, type Logger } from '../../../../api/index.ts'
import type { AssumedRole, CredentialsChoice } from '../settings.ts'

/** Credentials as the SDK wants them. */
export interface Identity {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
  /** When they end. */
  readonly expiration?: Date
}

/** A provider of the SDK. `forceRefresh` asks for others than those that it keeps. */
export type Provider = (options?: { readonly forceRefresh?: boolean }) => Promise<Identity>

type Providers = typeof import('@aws-sdk/credential-providers')

/** Returns the provider of a choice, which loads the code of the SDK on its first call; undefined if requests are not signed. */
export function providerOf(choice: CredentialsChoice, region: string, log: Logger): Provider | undefined {
  if (choice.kind === 'anonymous') return undefined
  if (choice.kind === 'static') {
    const { accessKeyId, secretAccessKey, sessionToken } = choice
    const secret = { accessKeyId, secretAccessKey: secretAccessKey.reveal() }
    const identity = sessionToken === undefined ? secret : { ...secret, sessionToken: sessionToken.reveal() }
    return () => Promise.resolve(identity)
  }
  let provider: Promise<SdkProvider> | undefined
  return async (options) => {
    provider ??= import('@aws-sdk/credential-providers').then((sdk) => create(sdk, choice, region, log))
    return (await provider)(options)
  }
}

/** Whether another call of the provider may give other credentials. */
export function isRenewable(choice: CredentialsChoice): boolean {
  return choice.kind !== 'static' && choice.kind !== 'anonymous'
}

type SdkProvider = (options?: object) => Promise<Identity>

type Loaded = Exclude<CredentialsChoice, { readonly kind: 'static' | 'anonymous' }>

function create(sdk: Providers, choice: Loaded, region: string, log: Logger): SdkProvider {
  const logger = quiet(log)
  const config = { clientConfig: { region }, logger }
  switch (choice.kind) {
    case 'chain':
      return sdk.fromNodeProviderChain(config)
    case 'environment':
      return sdk.fromEnv({ logger })
    case 'profile':
      return sdk.fromIni(choice.profile === null ? config : { ...config, profile: choice.profile })
    case 'web-identity':
      return sdk.fromTokenFile(config)
    case 'container':
      return inContainer() ? sdk.fromHttp({ logger }) : sdk.fromInstanceMetadata({ logger })
    case 'instance':
      return sdk.fromInstanceMetadata({ logger })
    case 'assume-role':
      return assumeRole(sdk, choice, region, log)
  }
}

/** Container credentials are announced in the environment. Source: EC2ContainerCredentialsProviderWrapper. */
function inContainer(): boolean {
  const { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: relative, AWS_CONTAINER_CREDENTIALS_FULL_URI: full } =
    process.env
  return relative !== undefined || full !== undefined
}

function assumeRole(sdk: Providers, role: AssumedRole, region: string, log: Logger): SdkProvider {
  const base = providerOf(role.base, region, log)
  if (base === undefined) {
    throw new ConnectError('HR_CONFIG_INVALID', 'A role cannot be assumed without credentials.')
  }
  const { externalId, durationSeconds, stsEndpoint } = role
  return sdk.fromTemporaryCredentials({
    masterCredentials: base,
    params: {
      RoleArn: role.roleArn,
      RoleSessionName: role.sessionName,
      ...(externalId === null ? {} : { ExternalId: externalId }),
      ...(durationSeconds === null ? {} : { DurationSeconds: durationSeconds }),
    },
    clientConfig: {
      region: role.stsRegion ?? region,
      ...(stsEndpoint === null ? {} : { endpoint: stsEndpoint }),
    },
  })
}

/** The SDK prints some warnings to the console unless it is given a logger. */
function quiet(log: Logger) {
  const debug = (...content: unknown[]): void => log.debug(content.map(messageOf).join(' '))
  return { trace: debug, debug, info: debug, warn: debug, error: debug }
}
