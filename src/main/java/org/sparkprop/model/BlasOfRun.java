package org.sparkprop.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What the JVMs of a run multiply with, as their results tell it: the BLAS is part of the bits, and
 * that of the driver is only one of them, or none.
 */
public final class BlasOfRun {
  private static final String BETWEEN = "; ";

  private final Map<String, BlasOfJvm> jvms = new TreeMap<>();
  private final Set<String> names = new TreeSet<>();
  private final Consumer<BlasOfJvm> watcher;

  /**
   * Of a run that is about to begin.
   *
   * @param watcher is told of each JVM when its first result comes, after it has been counted
   */
  public BlasOfRun(Consumer<BlasOfJvm> watcher) {
    this.watcher = watcher;
  }

  /** One that nobody watches. */
  public BlasOfRun() {
    this(jvm -> {});
  }

  /** A JVM has given a result. */
  public synchronized void add(BlasOfJvm of) {
    if (!of.equals(jvms.get(of.jvm()))) {
      jvms.put(of.jvm(), of);
      names.addAll(namesOf(of));
      watcher.accept(of);
    }
  }

  /** The JVMs so far, by name. */
  public synchronized List<BlasOfJvm> jvms() {
    return List.copyOf(jvms.values());
  }

  /** Whether results of unlike BLAS have met. */
  public synchronized boolean isMixed() {
    return names.size() > 1;
  }

  /** Its name, or all of them if there are several. */
  public synchronized String name() {
    return String.join(BETWEEN, names);
  }

  private static List<String> namesOf(BlasOfJvm of) {
    return List.of(of.blas().split(BETWEEN, -1));
  }

  /** Each name, with a JVM that has it. */
  public synchronized String differences() {
    return names.stream()
        .map(name -> jvms.values().stream().filter(jvm -> namesOf(jvm).contains(name)).findFirst())
        .flatMap(Optional::stream)
        .map(BlasOfJvm::toString)
        .collect(Collectors.joining(BETWEEN));
  }
}
