# Veilstream in a container: built in the first stage, run from the second with production parts only.
# Runs as uid 10001 and needs no writable root file system: keys and checkpoints live in the volume /var/lib/veil.
FROM node:22-bookworm-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends \
      build-essential python3 libsasl2-dev libcurl4-openssl-dev libzstd-dev libssl-dev zlib1g-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /build
# The official image has the headers of its Node; node-gyp would download them otherwise.
ENV npm_package_config_node_gyp_nodedir=/usr/local
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build && node scripts/copy-runtime.mjs /opt/veilstream

FROM node:22-bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends \
      libsasl2-2 libsasl2-modules libcurl4 libzstd1 libssl3 zlib1g ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && install -d -o 10001 -g 10001 -m 0700 /var/lib/veil
COPY --from=build /opt/veilstream /opt/veilstream
ENV NODE_ENV=production
USER 10001:10001
WORKDIR /var/lib/veil
VOLUME /var/lib/veil
ENTRYPOINT ["node", "/opt/veilstream/dist/src/cli/main.js"]
CMD ["--help"]
