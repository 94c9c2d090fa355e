package org.sparkprop.optim;

/** What is to be made small: a function of all parameters, with its gradient. */
public interface Objective {
  /**
   * The value for these parameters. An evaluation may be a pass over all rows, so nobody asks twice
   * for the same parameters.
   *
   * @param parameters not written to
   * @param gradient overwritten with the gradient there, as long as the parameters
   * @return need not be finite: a step that leads to such a place is too long
   */
  double evaluate(float[] parameters, float[] gradient);

  /** Whether no further evaluation is to begin: what is known by now has to do. */
  default boolean isOver() {
    return false;
  }
}
