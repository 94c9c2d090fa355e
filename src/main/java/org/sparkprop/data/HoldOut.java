package org.sparkprop.data;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;

/**
 * Which rows are kept from training, to validate on.
 *
 * @param share of the rows for {@link Kind#SHARE}, else 0
 */
@DefaultSerializer(JavaSerializer.class)
public record HoldOut(Kind kind, double share) implements Serializable {
  /** How the rows are chosen. */
  public enum Kind {
    NONE,
    /** By row number and seed. */
    SHARE,
    /** Those whose Boolean column {@code validation} is true. */
    COLUMN,
    /** None of these rows: others are given. */
    OTHER_ROWS
  }

  public static final HoldOut NONE = new HoldOut(Kind.NONE, 0);
  public static final HoldOut COLUMN = new HoldOut(Kind.COLUMN, 0);
  public static final HoldOut OTHER_ROWS = new HoldOut(Kind.OTHER_ROWS, 0);

  public HoldOut {
    if (!(share >= 0 && share < 1)) {
      throw new IllegalArgumentException(
          "Invalid validation: %s (must be >= 0 and < 1)".formatted(share));
    }
  }

  /**
   * A share of the rows; 0 for none.
   *
   * @throws IllegalArgumentException unless it is from 0 to below 1
   */
  public static HoldOut share(double share) {
    return share == 0 ? NONE : new HoldOut(Kind.SHARE, share);
  }

  /** Whether some of the rows are kept from training. */
  public boolean dividesRows() {
    return kind == Kind.SHARE || kind == Kind.COLUMN;
  }
}
