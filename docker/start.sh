#!/bin/sh
# Starts Voicebridge with the JVM settings that pay for a relay: a young generation that fits the
# processor's cache and one collector thread keep the longest pause at a few milliseconds.
# JAVA_OPTS is added last and wins; APP_JAR names another jar; settings come from the environment (see README).
set -eu
jar="${APP_JAR:-$(dirname "$0")/../target/voicebridge.jar}"
# shellcheck disable=SC2086  # JAVA_OPTS is a list
exec java \
  -XX:+UseSerialGC -Xms256m -Xmx256m -Xmn16m \
  -XX:MaxDirectMemorySize=256m \
  -XX:+ExitOnOutOfMemoryError \
  -Dfile.encoding=UTF-8 \
  -Dio.netty.tryReflectionSetAccessible=true --add-opens=java.base/java.nio=ALL-UNNAMED \
  ${JAVA_OPTS:-} \
  -jar "$jar" "$@"
