package org.sparkprop.nn;

import org.sparkprop.base.HasWord;

/** What the outputs of a network stand for, and so what a row has for a label. */
public enum LearningTask implements HasWord {
  /** A row is of one class: its label is a whole number from 0. One output tells two classes. */
  CLASSIFICATION,
  /** A row has any of the labels, an output each: its label is an array of zeros and ones. */
  MULTI_LABEL,
  /** A row has one or several numbers, an output each. */
  REGRESSION;

  /**
   * The task that {@code word} names.
   *
   * @throws IllegalArgumentException if there is none, with the words that there are
   */
  public static LearningTask of(String word) {
    return HasWord.named("task", word, values());
  }

  /** The task where none is chosen: probabilities are of classes, other numbers are targets. */
  public static LearningTask defaultFor(Activation last) {
    return last.givesProbabilities() ? CLASSIFICATION : REGRESSION;
  }
}
