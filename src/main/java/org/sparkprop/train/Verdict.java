package org.sparkprop.train;

/** What a listener says after a round or an epoch. */
public enum Verdict {
  CONTINUE,
  /** The run ends here, and its model is the best so far. */
  STOP
}
