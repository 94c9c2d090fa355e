package org.sparkprop.train;

import org.sparkprop.data.Preprocessing;
import org.sparkprop.nn.Network;

/** Where a run starts. */
@FunctionalInterface
public interface FirstParameters {
  /**
   * The parameters before the first round.
   *
   * @param preprocessing what happens to rows before the network
   * @return length {@code network.topology().parameterCount()}; the run changes them
   */
  float[] of(Network network, Preprocessing preprocessing);
}
