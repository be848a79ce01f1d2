import { ConnectError, type Props, type SourceConnector } from '../../../../api/index.ts'
import { ConverterWaits, waitAtMost } from '../../../pipeline/index.ts'
import { withRecordPlugins } from '../setup/record-plugins.ts'
import { listedTopics } from '../setup/sink-topics.ts'
import { resolved, type HostEnvironment } from '../environment.ts'
import { nextSourceRecords } from './source-records.ts'
import { nextTopicRecords } from './topic-records.ts'
import { boundedPreviews } from './bounded.ts'
import type { Preview, PreviewRequest } from './protocol.ts'
import { consumedSample, polledSample } from './samples.ts'
import { previewFromSource, previewToSink, type PreviewPlugins } from './record-preview.ts'

/**
 * Passes records through the converters and transforms of a connector, and returns the record after each
 * step.
 *
 * Throws `HR_BAD_REQUEST` for invalid samples, and rejects when no records can be read.
 */
export async function preview(environment: HostEnvironment, request: PreviewRequest): Promise<Preview> {
  const { props } = await resolved(environment, request.config)
  const plugin = environment.registry.connector(props['connector.class'] ?? '')
  const { timeoutMs } = request
  const signal = AbortSignal.timeout(timeoutMs)
  const fields = { connector: props['name'] ?? '' }
  const log = environment.loggers.logger('headrace.preview', fields)
  const owner = { connectorProps: props, fields, log, stop: signal }
  const late = () => new ConnectError('HR_CONNECT', `The converter was not ready within ${timeoutMs} ms.`)
  return withRecordPlugins(environment, owner, async ({ steps: chain, converters }) => {
    const plugins = { chain, converters, waits: new ConverterWaits(waitAtMost(Infinity, signal, late)) }
    const previews =
      plugin.kind === 'sink'
        ? await previewSink(environment, props, request, plugins, signal)
        : await previewSource(environment, plugin, props, request, plugins, signal)
    return { class: plugin.name, type: plugin.kind, ...previews }
  })
}

type Previews = Awaited<ReturnType<typeof boundedPreviews>>

async function previewSink(
  environment: HostEnvironment,
  props: Props,
  { samples, count }: PreviewRequest,
  plugins: PreviewPlugins,
  signal: AbortSignal,
): Promise<Previews> {
  const [topic] = listedTopics(props)
  const records =
    samples?.map((sample, index) => consumedSample(sample, index, topic)) ??
    (await nextTopicRecords(environment, props['name'] ?? '', props, count, signal))
  return boundedPreviews(records, (record) => previewToSink(record, plugins), signal)
}

async function previewSource(
  environment: HostEnvironment,
  plugin: SourceConnector,
  props: Props,
  { samples, count, config }: PreviewRequest,
  plugins: PreviewPlugins,
  signal: AbortSignal,
): Promise<Previews> {
  const records =
    samples?.map((sample, index) =>
      polledSample(sample, index, topicOfSource(props), environment.registry),
    ) ?? (await nextSourceRecords(environment, plugin, props['name'] ?? '', config, count, signal))
  return boundedPreviews(records, (record) => previewFromSource(record, plugins), signal)
}

/** Returns the topic of a source from `topic`, the usual setting of sources with a single topic. */
function topicOfSource(props: Props): string | undefined {
  const topic = props['topic']?.trim() ?? ''
  return topic === '' ? undefined : topic
}
