# syntax=docker/dockerfile:1
# Papo as an image: the program, the C library it needs, and nothing else: no shell, no package manager, no root.
#   docker build --tag papo .
#   docker run --publish 8080:8080 --volume papo:/data papo

FROM rust:1.95-slim-bookworm AS build
WORKDIR /src
COPY Cargo.toml Cargo.lock ./
COPY migrations migrations
COPY templates templates
COPY static static
COPY src src
# What was downloaded and compiled is kept between builds, and does not go into the image.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked --bin papo \
 && install -D -m 0755 target/release/papo /image/papo \
 && install -d -m 0700 /image/volumes/data

# The same Debian as above: the program is linked to its C library.
FROM gcr.io/distroless/cc-debian12:nonroot
ARG VERSION=dev
LABEL org.opencontainers.image.title="Papo" \
      org.opencontainers.image.description="A self-hosted real-time chat and message broker" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0" \
      org.opencontainers.image.version="$VERSION"
COPY --from=build /image/papo /usr/local/bin/papo
# A new volume takes its owner and its mode from here.
COPY --from=build --chown=65532:65532 /image/volumes/ /
# By PORT alone it listens on 0.0.0.0, and platforms that choose the port are obeyed.
ENV PORT=8080 \
    PAPO_DATA_DIR=/data \
    PAPO_UPLOADS_DIR=/data/uploads
USER 65532:65532
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=10s --retries=3 CMD ["/usr/local/bin/papo", "health"]
ENTRYPOINT ["/usr/local/bin/papo"]
