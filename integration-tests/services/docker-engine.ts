/** Loads the package on demand because of its size. */
export const testcontainers = (): Promise<typeof import('testcontainers')> => import('testcontainers')

/** Whether a Docker engine responds. */
export async function dockerAnswers(): Promise<boolean> {
  const { getContainerRuntimeClient } = await testcontainers()
  return getContainerRuntimeClient().then(
    () => true,
    () => false,
  )
}
