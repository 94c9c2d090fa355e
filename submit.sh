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
  version=$({ "$java" -version 2>&1 || true; } | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1)
  [[ ${version:-0} -ge 17 ]] || fail "Java ${version:-of unknown version} is too old: $java (must be 17 or newer; set JAVA_HOME)"
}

is_built() {
  [[ -e $jar && -e $home/target/spark.classpath ]] || return 1
  [[ -z $(find "$home/pom.xml" "$home/conf/mnist-files.json" "$home/src/main" -newer "$jar" -print | head -n 1) ]]
}

# Whose files these are may have another umask.
refuse_unreadable() {
  local file
  for file in "$home/target" "$jar" "$home/target/spark.classpath"; do
    [[ ! -e $file || -r $file && ( ! -d $file || -x $file ) ]] || fail "Cannot read $file: its owner must let you, with chmod -R a+rX $home/target (or take a clone of your own)"
  done
}

# One at a time may change target/. The lock is gone with its owner, and Maven is part of that.
lock() {
  mkdir -p "$home/target" 2>/dev/null && [[ -w $home/target ]] || fail "Cannot write $home/target: build where you may write, with mvn -DskipTests package"
  if command -v flock >/dev/null; then
    [[ -e $home/target/lock ]] || : >"$home/target/lock"
    exec 9<"$home/target/lock" # which may be another user's: to read is enough
    flock -n 9 || { waiting; flock 9; }
    return
  fi
  local folder=$home/target/lock.d said=false owner
  until mkdir "$folder" 2>/dev/null; do
    owner=$(cat "$folder/owner" 2>/dev/null || true)
    if [[ ${owner% *} == "$(uname -n)" ]] && ! kill -0 "${owner##* }" 2>/dev/null; then
      mv "$folder" "$folder.$$" 2>/dev/null && rm -rf "$folder.$$" # its owner was killed
      continue
    fi
    $said || waiting
    said=true
    sleep 1
  done
  echo "$(uname -n) $$" >"$folder/owner"
  trap 'rm -rf "$home/target/lock.d"' EXIT
}

waiting() {
  echo "waiting for another submit.sh, which builds in $home/target" >&2
}

unlock() {
  if command -v flock >/dev/null; then
    exec 9>&-
  else
    rm -rf "$home/target/lock.d"
    trap - EXIT
  fi
}

# Into a folder of its own: a build that is killed leaves no half a jar, and runs keep theirs.
build() {
  refuse_unreadable
  if is_built; then return; fi
  command -v mvn >/dev/null || fail "Cannot find mvn: install Maven, 3.8 or newer, to build $jar"
  if [[ -n ${JAVA_HOME:-} ]]; then
    [[ -x $JAVA_HOME/bin/javac ]] || fail "Cannot find $JAVA_HOME/bin/javac: JAVA_HOME must be the folder of a JDK, not of a JRE, to build $jar"
  fi
  lock
  if ! is_built; then
    rm -rf "$home"/target/build-* # of builds that were killed
    local folder=target/build-$$
    mkdir "$home/$folder" || fail "Cannot write $home/$folder"
    echo "building $jar" >&2
    touch "$home/$folder.start"
    if ! (cd "$home" && mvn -B -q -Dmaven.test.skip=true -Dbuild.folder="$folder" package) >"$home/$folder/log" 2>&1; then
      cat "$home/$folder/log" >&2
      rm -rf "$home/$folder" "$home/$folder.start"
      fail "The build failed; see above"
    fi
    touch -r "$home/$folder.start" "$home/$folder/sparkprop.jar" # what is changed meanwhile is built next time
    mv "$home/$folder/spark.classpath" "$home/target/spark.classpath"
    mv "$home/$folder/sparkprop.jar" "$jar"
    rm -rf "$home/$folder" "$home/$folder.start"
  fi
  unlock
}

# Whether a user may go to a folder who is not its owner: with "all", anybody; else those of its
# group at least.
others_reach() {
  local path=$1 kind=$2
  while [[ $path != / ]]; do
    if [[ $kind == all ]]; then
      [[ -n $(find "$path" -prune -perm -001) ]] || return 1
    else
      [[ -n $(find "$path" -prune \( -perm -001 -o -perm -010 \)) ]] || return 1
    fi
    path=$(dirname "$path")
  done
}

# Whether the folder has Spark's jars, for whoever reaches it.
is_linked() {
  local first
  for first in "$1"/*.jar; do break; done # one that leads nowhere: the Maven repository was cleaned
  [[ -e $first && ! $home/target/spark.classpath -nt $1 ]] || return 1
  [[ ! -L $first ]] || ! others_reach "$(dirname "$1")" any || { others_reach "$1" any && others_reach "$(dirname "$(readlink "$first")")" all; }
}

# Links, for this user; for others, such as that of a worker daemon, who cannot follow them into a
# home, the files.
bring_jars() {
  local folder=$1 files
  IFS=: read -r -a files <"$home/target/spark.classpath" || true # its line has no end
  if others_reach "$(dirname "$folder")" any && ! others_reach "$(dirname "${files[0]}")" all; then
    if ln "${files[@]}" "$folder/" 2>/dev/null; then return; fi
    rm -f "$folder"/*
    cp "${files[@]}" "$folder/" 2>/dev/null || [[ ! -r ${files[0]} ]] || fail "Cannot copy Spark's jars to $folder: $(cp "${files[@]}" "$folder/" 2>&1 | sed -n '1s/.*: //p')"
  else
    ln -s "${files[@]}" "$folder/"
  fi
}

# Spark's own launcher wants a folder with all jars.
spark_from_maven() {
  export SPARK_HOME=$home/target/spark SPARK_SCALA_VERSION=2.13
  local locked=false
  if ! is_linked "$SPARK_HOME/jars"; then
    if [[ -w $home/target ]] && mkdir -p "$SPARK_HOME" 2>/dev/null && [[ -w $SPARK_HOME ]]; then
      lock
      locked=true
    else
      SPARK_HOME=$cache/spark-$(cksum <"$home/target/spark.classpath" | tr ' ' '-')
    fi
  fi
  local jars=$SPARK_HOME/jars
  if ! is_linked "$jars"; then
    local draft=$SPARK_HOME/jars.$$
    [[ $locked == false ]] || rm -rf "$SPARK_HOME"/jars.* # of one that was killed
    mkdir -p "$draft" 2>/dev/null || fail "Cannot write $SPARK_HOME"
    bring_jars "$draft"
    chmod a+rx "$draft" # who may come here, the folder above says
    rm -rf "$jars"
    mv "$draft" "$jars"
    is_linked "$jars" || fail "Cannot read Spark's jars, such as $(head -c 300 "$home/target/spark.classpath" | cut -d : -f 1): the Maven repository was cleaned, or is another user's, who has to run $home/submit.sh once more; or delete $jar to build anew, or set SPARK_HOME"
  fi
  if [[ $locked == true ]]; then unlock; fi
}

# One log a run, kept for a week. It is written to before Java is, which would print stack traces.
open_log() {
  local problem
  cache=${SPARKPROP_CACHE:-}
  if [[ -z $cache ]]; then
    [[ -n ${HOME:-} ]] || unset HOME
    cache=~ # without HOME, the folder that /etc/passwd names
    cache=${cache%/}/.cache/sparkprop
  fi
  export SPARKPROP_CACHE=$cache # so that Java looks for MNIST there
  logs=$cache/logs
  log=$logs/$(date +%Y%m%d-%H%M%S)-$$.log
  problem=$({ mkdir -p "$logs" && echo >"$log"; } 2>&1) || fail "Cannot write $logs: ${problem##*: } (set SPARKPROP_CACHE to a folder of yours)"
  find "$logs" -name '*.log' -mtime +7 -delete 2>/dev/null || true
}

find_java
build

# In a container there may be neither a name for the user nor a command that asks for it.
has_name() {
  ! command -v id >/dev/null || id -un >/dev/null 2>&1
}

# Hadoop asks for the name before a command of ours could give another.
refuse_nameless() {
  has_name || fail "Cannot use --master $master as uid $UID: it has no entry in /etc/passwd, which Hadoop needs (add one, or run as another user)"
}

# Spark's own launcher would answer with a stack trace.
check_master() {
  case $master in
    "" | local | local\[* | local-cluster\[* | spark://*) ;;
    yarn | yarn-*)
      refuse_nameless
      [[ $1 != maven ]] || fail "Cannot use --master $master with Spark from Maven, which has no YARN: set SPARK_HOME to the folder of a Spark distribution, and HADOOP_CONF_DIR"
      # A distribution may set it by itself.
      [[ -n ${HADOOP_CONF_DIR:-}${YARN_CONF_DIR:-} || -e ${SPARK_CONF_DIR:-$1/conf}/spark-env.sh ]] || fail "Cannot use --master $master: set HADOOP_CONF_DIR to the folder with the cluster's configuration files"
      ;;
    k8s://*)
      refuse_nameless
      [[ $1 != maven ]] || fail "Cannot use --master $master with Spark from Maven, which has no Kubernetes: set SPARK_HOME to the folder of a Spark distribution"
      ;;
    *)
      echo "error: Unknown --master: $master (must be local[*], spark://HOST:PORT, yarn or k8s://HOST:PORT)" >&2
      exit 2
      ;;
  esac
}

# Options up to the command are spark-submit's; all but these take a value.
spark_options=()
master=
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
previous=
for option in ${spark_options[@]+"${spark_options[@]}"}; do
  case $previous=$option in
    --master=*) master=$option ;;
    *=--master=*) master=${option#--master=} ;;
    *=spark.master=* | *=--conf=spark.master=*) master=${option#*spark.master=} ;;
  esac
  previous=$option
done
[[ $# -gt 0 ]] || set -- train --config "$home/conf/mnist.conf"

open_log
# A container may run as a user whom /etc/passwd does not name: Java would call it, and its home, ?
nameless=
if ! has_name; then nameless="-Duser.name=$UID \"-Duser.home=${HOME:-/tmp}\""; fi
# Before Java 22, threads in BLAS hold the garbage collector back, which after two tries takes free
# memory for full.
retries=
[[ $version -ge 22 ]] || retries="-XX:+UnlockDiagnosticVMOptions -XX:GCLockerRetryAllocationCount=32"
terminal=false
if [[ -t 1 ]]; then terminal=true; fi
export SPARK_SUBMIT_OPTS="$retries $nameless ${SPARK_SUBMIT_OPTS:-} -Dsparkprop.terminal=$terminal \"-Dsparkprop.log=$log\" \"-Dlog4j2.configurationFile=file:$home/conf/log4j2.properties\""

# Whether Java may execute what it writes to its folder for temporary files. Spark's own launcher
# would end in a stack trace if it could not write there.
may_execute() {
  local folder=$1 probe=$1/sparkprop-$$.probe problem status=0
  problem=$({ head -c 65536 /dev/zero >"$probe"; } 2>&1) || {
    rm -f "$probe" 2>/dev/null || true
    fail "Cannot write temporary files into $folder: ${problem##*: } (give --conf spark.driver.extraJavaOptions=-Djava.io.tmpdir=FOLDER before the command)"
  }
  chmod u+x "$probe"
  [[ -x $probe ]] || status=1 # where it is mounted noexec
  rm -f "$probe"
  return $status
}

# What Java takes unasked.
temporary=/tmp
[[ $(uname -s) != Darwin ]] || temporary=${TMPDIR:-/tmp}

# Of a distribution, which may have settings of its own.
check_temporary() {
  [[ "${JAVA_TOOL_OPTIONS:-} ${JDK_JAVA_OPTIONS:-} $SPARK_SUBMIT_OPTS ${spark_options[*]-}" != *java.io.tmpdir* ]] || return 0
  ! grep -qrs java.io.tmpdir "${SPARK_CONF_DIR:-$1/conf}" || return 0
  may_execute "$temporary" || true # Java says so
}

arguments=(${spark_options[@]+"${spark_options[@]}"} --class org.sparkprop.cli.Main "$jar" "$@")
if [[ -n ${SPARK_HOME:-} ]]; then
  submit=$SPARK_HOME/bin/spark-submit
  [[ -x $submit ]] || fail "Cannot run $submit: SPARK_HOME must be the folder of a Spark distribution"
  check_master "$SPARK_HOME"
  check_temporary "$SPARK_HOME"
  exec "$submit" "${arguments[@]}"
elif submit=$(command -v spark-submit); then
  distribution=$(dirname "$(dirname "$(readlink -f "$submit")")")
  check_master "$distribution"
  check_temporary "$distribution"
  exec "$submit" "${arguments[@]}"
fi

check_master maven
for options in "${JAVA_TOOL_OPTIONS:-}" "${JDK_JAVA_OPTIONS:-}"; do # what the command line says, comes after these
  if [[ " $options" =~ " "-Djava\.io\.tmpdir=([^ ]+) ]]; then temporary=${BASH_REMATCH[1]}; fi
done
spark_from_maven
# Java's vector module, which the JVM warns of, is for Java's own BLAS: not where the jar brings one.
needs_vectors() {
  case $(uname -s)-$(uname -m) in
    Linux-x86_64 | Linux-aarch64) ;;
    *) return 0 ;;
  esac
  local previous= word
  for word in "$@"; do
    case $previous=$word in
      *=--blas | *=--blas=*) return 0 ;;
      --config=*) ! grep -qs '^[[:space:]]*blas' -- "$word" || return 0 ;;
      *=--config=*) ! grep -qs '^[[:space:]]*blas' -- "${word#--config=}" || return 0 ;;
    esac
    previous=$word
  done
  return 1
}

# The launcher prints an empty line, then the command that spark-submit would run, all words ended
# by a zero byte.
words=()
while IFS= read -r -d '' word; do
  words+=("$word")
  case $word in
    -Djava.io.tmpdir=*) temporary=${word#*=} ;;
  esac
done < <("$java" -cp "$SPARK_HOME/jars/*" org.apache.spark.launcher.Main org.apache.spark.deploy.SparkSubmit "${arguments[@]}")
wait $! 2>/dev/null || true # what replaces this shell would never do so
[[ ${#words[@]} -gt 1 ]] || fail "Spark's launcher gave no command"
newline=$'\n'
vectors=false
if ! may_execute "$temporary" || needs_vectors "$@"; then vectors=true; fi
command=()
for word in "${words[1]#"$newline"}" "${words[@]:2}"; do
  case $word in
    --add-modules=jdk.incubator.vector) [[ $vectors == true ]] || continue ;;
    # Java 24 has this package no more, and warns of who asks for it.
    --add-opens=java.base/sun.security.action=*) [[ $version -lt 24 ]] || continue ;;
  esac
  command+=("$word")
done
exec "${command[@]}"
