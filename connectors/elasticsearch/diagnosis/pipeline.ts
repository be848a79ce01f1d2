import type { Finding } from '../../../api/index.ts'
import type { Ask } from './answers.ts'
import { error } from '../../shared/finding.ts'

/** Returns whether the ingest pipeline is missing. */
export async function pipelineFindings(ask: Ask, pipeline: string | null): Promise<readonly Finding[]> {
  if (pipeline === null) return []
  const response = await ask('GET', `/_ingest/pipeline/${encodeURIComponent(pipeline)}`)
  if (response?.status !== 404) return []
  return [
    error(
      'pipeline-missing',
      `The ingest pipeline ${pipeline} does not exist; the server refuses each document.`,
      'Create it, or change headrace.pipeline.',
    ),
  ]
}
