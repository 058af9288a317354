# The service alone, on a Postgres that DATABASE_URL names; docker-compose.yml brings both.
FROM rust:1-bookworm AS build
WORKDIR /source
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/source/target \
    cargo build --release --locked --bin sinergi \
    && cp target/release/sinergi /sinergi

FROM debian:bookworm-slim
RUN useradd --system --uid 10001 --home-dir /var/lib/sinergi --create-home sinergi
COPY --from=build /sinergi /usr/local/bin/sinergi
# Authorities that receivers of webhooks are proved by.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
USER sinergi
# Holds the keys: whoever loses them can read no NIK again.
VOLUME /var/lib/sinergi
ENV SINERGI_DATA_DIR=/var/lib/sinergi SINERGI_ADDRESS=0.0.0.0:8080 SINERGI_LOG_FORMAT=json
EXPOSE 8080
ENTRYPOINT ["sinergi"]
CMD ["serve"]
