package org.sparkprop.cluster;

/** A worker of a standalone cluster that is alive: what it has, and what of it is free. */
record ClusterWorker(int cores, long memoryMb, int freeCores, long freeMemoryMb) {
  @Override
  public String toString() {
    String all = "%s and %,d MB".formatted(Wanted.cores(cores), memoryMb);
    return freeCores == cores && freeMemoryMb == memoryMb
        ? all
        : "%s (free: %s and %,d MB)".formatted(all, Wanted.cores(freeCores), freeMemoryMb);
  }
}
