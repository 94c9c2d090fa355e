package org.sparkprop.optim;

import java.io.Serializable;

/** How long a run is planned to be: what a learning-rate schedule stretches over. */
public record RunLength(long stepsPerEpoch, int epochs) implements Serializable {
  /** Steps of the whole run. */
  public long steps() {
    return stepsPerEpoch * epochs;
  }
}
