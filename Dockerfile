# Builds the image of a Headrace worker. All settings come from CONNECT_* or HEADRACE_* variables, or from a mounted
# property file: docker run … headrace distributed /etc/headrace/worker.properties

ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build && npm pack --silent && mv headrace-*.tgz /headrace.tgz
# What `npm ci --omit=dev` leaves is what the lock file pins; the packed package goes beside it.
RUN npm ci --omit=dev \
  && mkdir -p /image/node_modules/headrace \
  && tar -xzf /headrace.tgz -C /image/node_modules/headrace --strip-components=1 \
  && rm -f node_modules/.package-lock.json \
  && cp -R node_modules/. /image/node_modules/ \
  && printf '{ "private": true, "dependencies": {} }\n' > /image/package.json

FROM ${NODE_IMAGE}
ENV NODE_ENV=production
# Plugins are found among the dependencies of this folder: FROM headrace, then RUN npm install <plugin>.
WORKDIR /opt/headrace
COPY --from=build /image ./
RUN ln -s /opt/headrace/node_modules/headrace/dist/cli/main.js /usr/local/bin/headrace \
  && chmod +x node_modules/headrace/dist/cli/main.js \
  && groupadd --system --gid 10001 headrace \
  && useradd --system --uid 10001 --gid headrace --home-dir /var/lib/headrace --create-home headrace
USER headrace
# Offset files and the files of file connectors
VOLUME /var/lib/headrace
EXPOSE 8083
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
  CMD ["node", "/opt/headrace/node_modules/headrace/dist/cli/main.js", "health"]
ENTRYPOINT ["headrace"]
CMD ["distributed", "--env"]
