package org.sparkprop.optim;

/**
 * Runs loops over elements block by block, on one thread or on several. Blocks are counted from
 * element 0, whoever runs them: what a block gives does not depend on the number of threads.
 */
public interface Parallel {
  /** Elements of a block where nothing else decides: five arrays of it fit the fastest cache. */
  int BLOCK = 1024;

  /** Everything on the calling thread. */
  Parallel ON_CALLER =
      (length, block, body) -> {
        int to;
        for (int at = 0; at < length; at = to) {
          to = at + Math.min(block, length - at); // at + block may be more than an int
          body.run(at, to);
        }
      };

  /** What runs for a range of elements. */
  interface Range {
    void run(int from, int to);
  }

  /** What a range of elements adds to a sum. */
  interface Addend {
    double of(int from, int to);
  }

  /**
   * Runs {@code body} for each block of the elements 0 to below {@code length}, and returns when
   * all are done. What it reads and writes several times stays in the cache.
   *
   * @param block elements of each but the last, which may have fewer
   */
  void forBlocks(int length, int block, Range body);

  /** The same with the usual block. */
  default void forBlocks(int length, Range body) {
    forBlocks(length, BLOCK, body);
  }

  /** What {@code addend} gives for each block, added in the order of the blocks. */
  default double sum(int length, Addend addend) {
    double[] ofBlock = new double[(int) (((long) length + BLOCK - 1) / BLOCK)];
    forBlocks(length, (from, to) -> ofBlock[from / BLOCK] = addend.of(from, to));
    double sum = 0;
    for (double one : ofBlock) {
      sum += one;
    }
    return sum;
  }
}
