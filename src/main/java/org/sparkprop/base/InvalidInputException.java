package org.sparkprop.base;

import org.jspecify.annotations.Nullable;

/**
 * What the user gave, rows, files or a model folder, cannot be used. The message is one line that
 * says what was found, what was wanted and, where we know, what to do; secrets are masked in it.
 */
public sealed class InvalidInputException extends RuntimeException permits GaveUpException {
  private final @Nullable Long row;
  private final @Nullable String missing;

  public InvalidInputException(String message) {
    this(message, null);
  }

  public InvalidInputException(String message, @Nullable Throwable cause) {
    this(message, cause, null, null);
  }

  private InvalidInputException(
      String message, @Nullable Throwable cause, @Nullable Long row, @Nullable String missing) {
    super(Secrets.masked(message), cause);
    this.row = row;
    this.missing = missing;
  }

  /** The refusal of one row. */
  public static InvalidInputException ofRow(RowProblem problem) {
    return new InvalidInputException(problem.message(), null, problem.row(), null);
  }

  /** The refusal of a table that lacks a column. */
  public static InvalidInputException ofColumn(String missing, String message) {
    return new InvalidInputException(message, null, null, missing);
  }

  /** The column that the table lacks; null if that is not why. */
  @Nullable
  public String missing() {
    return missing;
  }

  /** The number of the row that cannot be used; null if it is not about a row. */
  @Nullable
  public Long row() {
    return row;
  }

  /** The same with what the user can look at. */
  public InvalidInputException at(String place) {
    return new InvalidInputException(getMessage() + ": " + place, this, row, missing);
  }
}
