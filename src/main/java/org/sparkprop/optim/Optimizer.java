package org.sparkprop.optim;

/** An update rule at work on one array of parameters, with the moments it has gathered. */
public interface Optimizer {
  /**
   * One update of the parameters, in place.
   *
   * @param gradient the mean gradient, as long as the parameters
   * @param rate the learning rate of this step
   */
  void step(float[] parameters, float[] gradient, float rate);
}
