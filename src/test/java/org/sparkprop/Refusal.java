package org.sparkprop;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.function.Executable;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.train.DivergedException;

/** What a user is told when something is refused. */
public final class Refusal {
  private Refusal() {}

  /** The message with which {@code attempt} is refused; anything but a refusal fails the test. */
  public static String of(Executable attempt) {
    RuntimeException refused = assertThrows(RuntimeException.class, attempt);
    assertTrue(
        refused instanceof InvalidInputException
            || refused instanceof IllegalArgumentException
            || refused instanceof DivergedException,
        refused.toString());
    return String.valueOf(refused.getMessage());
  }
}
