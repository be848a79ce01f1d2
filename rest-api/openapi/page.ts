type Json = Readonly<Record<string, unknown>>

const methods = ['get', 'post', 'put', 'patch', 'delete']

const style = `
body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1f24;background:#fff}
h1{margin-bottom:.2rem}h2{margin-top:2.5rem;border-bottom:1px solid #d0d7de}code,pre{font:13px/1.45 ui-monospace,monospace}
pre{background:#f6f8fa;padding:.7rem;overflow:auto;border-radius:6px}details{border:1px solid #d0d7de;border-radius:6px;margin:.5rem 0}
summary{padding:.5rem .7rem;cursor:pointer}details>div{padding:0 .9rem .7rem}table{border-collapse:collapse}td{padding:.15rem .9rem .15rem 0;vertical-align:top}
.m{display:inline-block;min-width:4.2rem;font-weight:600}.get{color:#0a6}.post{color:#06c}.put{color:#b60}.patch{color:#85a}.delete{color:#c33}
@media(prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}pre{background:#161b22}h2,details{border-color:#30363d}a{color:#6bf}}`

/** Renders the OpenAPI document as a static HTML page without scripts or external resources. */
export function docsPage(document: Json): string {
  const { info, paths, components } = document as {
    info: { title: string; version: string; description: string }
    paths: Readonly<Record<string, Json>>
    components: { schemas: Json }
  }
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    methods.flatMap((method) =>
      item[method] === undefined ? [] : [{ path, method, ...(item[method] as Operation) }],
    ),
  )
  const groups = [...new Set(operations.map(({ tags }) => tags[0] ?? ''))]
  const sections = groups.map((group) => {
    const own = operations.filter(({ tags }) => tags[0] === group)
    return `<h2>${escaped(group)}</h2>${own.map(operationHtml).join('')}`
  })
  // Open, so that a link to a schema shows its content
  const schemas = Object.entries(components.schemas).map(
    ([name, schema]) =>
      `<details open id="${escaped(name)}"><summary><code>${escaped(name)}</code></summary><div>${schemaHtml(schema)}</div></details>`,
  )
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(info.title)} REST API</title><style>${style}</style></head><body>
<h1>${escaped(info.title)} REST API</h1><p>${escaped(info.version)} · <a href="/openapi.json">openapi.json</a></p>
<p>${escaped(info.description)}</p>${sections.join('')}<h2>Schemas</h2>${schemas.join('')}</body></html>`
}

interface Operation {
  readonly summary?: string
  readonly tags: readonly string[]
  readonly parameters?: readonly Json[]
  readonly requestBody?: Json
  readonly responses: Readonly<Record<string, Json>>
}

function operationHtml({
  path,
  method,
  summary = '',
  parameters = [],
  requestBody,
  responses,
}: Operation & { readonly path: string; readonly method: string }): string {
  const rows = parameters.map(
    (parameter) =>
      `<tr><td><code>${escaped(parameter['name'])}</code></td><td>${escaped(parameter['in'])}</td><td>${escaped(parameter['description'] ?? '')}</td></tr>`,
  )
  const answers = Object.entries(responses).map(
    ([status, response]) =>
      `<h4>${escaped(status)} · ${escaped(response['description'])}</h4>${bodyHtml(response)}`,
  )
  return `<details><summary><span class="m ${method}">${method.toUpperCase()}</span> <code>${escaped(path)}</code> — ${escaped(summary)}</summary><div>
${rows.length === 0 ? '' : `<h4>Parameters</h4><table>${rows.join('')}</table>`}
${requestBody === undefined ? '' : `<h4>Body</h4>${bodyHtml(requestBody)}`}${answers.join('')}</div></details>`
}

function bodyHtml({ content }: Json): string {
  const schema = (content as Record<string, { schema: unknown }> | undefined)?.['application/json']?.schema
  return schema === undefined ? '' : schemaHtml(schema)
}

/** Renders a schema; references become links to the schema section. */
function schemaHtml(schema: unknown): string {
  const text = escaped(JSON.stringify(schema, null, 2))
  return `<pre>${text.replace(
    /#\/components\/schemas\/(\w+)/g,
    (_all, name: string) => `<a href="#${name}">${name}</a>`,
  )}</pre>`
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

const escaped = (value: unknown): string => String(value).replace(/[&<>"]/g, (sign) => escapes[sign] ?? sign)
