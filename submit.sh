#!/usr/bin/env bash
# ./submit.sh [spark-submit options] [command] [options]      ./submit.sh --help tells more
set -euo pipefail

home=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
jar=$home/target/sparkprop.jar

fail() {
  echo "error: $*" >&2
  exit 1
}

find_java() {
  if [[ -n ${JAVA_HOME:-} ]]; then
    java=$JAVA_HOME/bin/java
    [[ -x $java ]] || fail "Cannot run $java: JAVA_HOME must be the folder of a JDK, 17 or newer"
  else
    java=$(command -v java) || fail "Cannot find java: install a JDK, 17 or newer, or set JAVA_HOME"
  fi
  local version
  version=$({ "$java" -version 2>&1 || true; } | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1)
  [[ ${version:-0} -ge 17 ]] || fail "Java ${version:-of unknown version} is too old: $java (must be 17 or newer; set JAVA_HOME)"
}

build() {
  if [[ -e $jar && -z $(find "$home/pom.xml" "$home/conf/mnist-files.json" "$home/src/main" -newer "$jar" -print | head -n 1) ]]; then
    return
  fi
  command -v mvn >/dev/null || fail "Cannot find mvn: install Maven, 3.8 or newer, to build $jar"
  echo "building $jar" >&2
  local log
  log=$(mktemp)
  if ! (cd "$home" && mvn -B -q -Dmaven.test.skip=true package) >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    fail "The build failed; see above"
  fi
  rm -f "$log"
}

# Spark's own launcher wants a folder with all jars; Maven's are linked into one.
spark_from_maven() {
  export SPARK_HOME=$home/target/spark SPARK_SCALA_VERSION=2.13
  local jars=$SPARK_HOME/jars
  local first
  for first in "$jars"/*.jar; do break; done # one that leads nowhere: the Maven repository was cleaned
  if [[ ! -e $first || $home/target/spark.classpath -nt $jars ]]; then
    local draft
    mkdir -p "$SPARK_HOME"
    draft=$(mktemp -d "$SPARK_HOME/jars.XXXXXX")
    tr ':' '\n' <"$home/target/spark.classpath" | while IFS= read -r file; do
      ln -s "$file" "$draft/"
    done
    rm -rf "$jars"
    mv "$draft" "$jars"
  fi
}

find_java
build

# Options up to the command are spark-submit's; all but these take a value.
spark_options=()
while [[ $# -gt 0 && $1 == -* ]]; do
  case $1 in
    -h | --help | -V | --version)
      break
      ;;
    --supervise | --verbose | -v | --usage-error | --*=*)
      spark_options+=("$1")
      shift
      ;;
    *)
      if [[ $# -eq 1 ]]; then
        echo "error: Missing value of $1 (options before the command go to spark-submit)" >&2
        exit 2
      fi
      spark_options+=("$1" "$2")
      shift 2
      ;;
  esac
done
[[ $# -gt 0 ]] || set -- train --config "$home/conf/mnist.conf"

# One log a run, kept for a week.
logs=${SPARKPROP_CACHE:-${HOME:-/tmp}/.cache/sparkprop}/logs
mkdir -p "$logs" || fail "Cannot make the folder $logs: set SPARKPROP_CACHE to a folder of yours"
find "$logs" -name '*.log' -mtime +7 -delete 2>/dev/null || true
log=$logs/$(date +%Y%m%d-%H%M%S)-$$.log
terminal=false
if [[ -t 1 ]]; then terminal=true; fi
export SPARK_SUBMIT_OPTS="${SPARK_SUBMIT_OPTS:-} -Dsparkprop.terminal=$terminal \"-Dsparkprop.log=$log\" \"-Dlog4j2.configurationFile=file:$home/conf/log4j2.properties\""

arguments=(${spark_options[@]+"${spark_options[@]}"} --class org.sparkprop.cli.Main "$jar" "$@")
if [[ -n ${SPARK_HOME:-} ]]; then
  submit=$SPARK_HOME/bin/spark-submit
  [[ -x $submit ]] || fail "Cannot run $submit: SPARK_HOME must be the folder of a Spark distribution"
  exec "$submit" "${arguments[@]}"
elif submit=$(command -v spark-submit); then
  exec "$submit" "${arguments[@]}"
fi

spark_from_maven
# The launcher prints an empty line, then the command that spark-submit would run, all words ended
# by a zero byte.
command=$(mktemp)
trap 'rm -f "$command"' EXIT
"$java" -cp "$SPARK_HOME/jars/*" org.apache.spark.launcher.Main org.apache.spark.deploy.SparkSubmit "${arguments[@]}" >"$command"
words=()
while IFS= read -r -d '' word; do
  words+=("$word")
done <"$command"
rm -f "$command"
[[ ${#words[@]} -gt 1 ]] || fail "Spark's launcher gave no command"
newline=$'\n'
exec "${words[1]#"$newline"}" "${words[@]:2}"
