/** The SDK. Its types may be imported anywhere in this folder, its code only through {@link loadSdk}. */
export type Sdk = typeof import('@aws-sdk/client-s3')

const NODE_WARNING = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'

/** Loads the SDK, which takes 0.2 s and 25 MB: only tasks and checks that talk to S3 pay for it. */
export function loadSdk(): Promise<Sdk> {
  // it warns about the versions of Node that later releases of it will need: not a matter of the user of this one
  process.env[NODE_WARNING] ??= 'true'
  return import('@aws-sdk/client-s3')
}
