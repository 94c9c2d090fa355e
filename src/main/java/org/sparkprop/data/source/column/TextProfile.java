package org.sparkprop.data.source.column;

import java.util.Optional;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;
import org.sparkprop.data.source.file.TextNumber;

/** What the texts of a column are like: whether a person would call them numbers. */
final class TextProfile implements ColumnProfile<TextProfile> {
  private static final int MAX_UNITS = 1;
  private static final int MAX_OTHERS = 2;

  /** Of each number that is none to a person, so many must be one. */
  private static final long NUMBERS_TO_OTHERS = 9;

  private final String name;
  private long plain;
  private long written;
  private long withUnit;
  private long markers;
  private long others;
  private long names;
  private long codes;
  private int shortest = Integer.MAX_VALUE;
  private int longest;
  private final Distinct units = new Distinct(MAX_UNITS);
  private final Distinct otherTexts = new Distinct(MAX_OTHERS);
  private final TextsOfFiles files = new TextsOfFiles();
  private Place.@Nullable Finding first;
  private Place.@Nullable Finding firstOdd;
  private transient int splitOfFirst;
  private transient int splitOfFirstOdd;

  /**
   * @param name of the column, which stands in it where a header is repeated
   */
  TextProfile(String name) {
    this.name = name;
  }

  @Override
  public TextProfile empty() {
    return new TextProfile(name);
  }

  @Override
  public void add(InternalRow row, int at, Cursor cursor) {
    UTF8String value = row.isNullAt(at) ? null : row.getUTF8String(at);
    if (value == null || value.numBytes() == 0) {
      return;
    }
    String text = value.toString().strip();
    if (text.isEmpty()) {
      return;
    }
    TextNumber kind = text.equals(name) ? TextNumber.MARKER : TextNumber.of(text);
    switch (kind) {
      case PLAIN -> {
        plain++;
        shortest = Math.min(shortest, text.length());
        longest = Math.max(longest, text.length());
        if (text.length() > 1
            && text.charAt(0) == '0'
            && text.chars().allMatch(Character::isDigit)) {
          codes++;
        }
      }
      case WRITTEN -> written++;
      case WITH_UNIT -> {
        withUnit++;
        units.add(TextNumber.unit(text).hashCode());
      }
      case MARKER -> {
        markers++;
        if (text.equals(name)) {
          names++;
        }
      }
      case TEXT -> {
        others++;
        otherTexts.add(((long) text.length() << 32) ^ text.hashCode());
      }
    }
    if (kind != TextNumber.MARKER) {
      files.add(text, kind == TextNumber.PLAIN, cursor);
    }
    // The splits of a task come in any order, the rows of a split in that of the file.
    if (kind == TextNumber.PLAIN) {
      if (splitOfFirst != cursor.split()) {
        splitOfFirst = cursor.split();
        first = Place.Finding.first(first, new Place.Finding(cursor.place(), text));
      }
    } else if (splitOfFirstOdd != cursor.split()) {
      splitOfFirstOdd = cursor.split();
      firstOdd = Place.Finding.first(firstOdd, new Place.Finding(cursor.place(), text));
    }
  }

  @Override
  public void add(TextProfile other) {
    plain += other.plain;
    written += other.written;
    withUnit += other.withUnit;
    markers += other.markers;
    others += other.others;
    names += other.names;
    codes += other.codes;
    shortest = Math.min(shortest, other.shortest);
    longest = Math.max(longest, other.longest);
    units.add(other.units);
    otherTexts.add(other.otherTexts);
    files.add(other.files);
    first = Place.Finding.first(first, other.first);
    firstOdd = Place.Finding.first(firstOdd, other.firstOdd);
  }

  /** Whether there is a text at all. */
  boolean isEmpty() {
    return plain + written + withUnit + markers + others == 0;
  }

  /**
   * Whether a person would call the column a number: next to all of its texts are, or all but one
   * or two that stand again and again where one is missing. Codes of equal length with zeros before
   * them, such as 01067, are none.
   */
  boolean isNumber() {
    boolean oneUnit = units.isComplete();
    long numbers = plain + written + (oneUnit ? withUnit : 0);
    long texts = others + (oneUnit ? 0 : withUnit);
    boolean areCodes = codes > 0 && plain == numbers && shortest == longest;
    return numbers > 0
        && !areCodes
        && (numbers >= NUMBERS_TO_OTHERS * texts
            || (numbers >= texts && oneUnit && otherTexts.isComplete()));
  }

  /** How its files differ, where some have numbers alone and others none; nothing for codes. */
  Optional<String> difference(TableScan scan) {
    return codes > 0 ? Optional.empty() : files.difference(scan);
  }

  /** Whether all of its texts are whole numbers as we read them. */
  boolean isPlain() {
    return plain > 0 && plain == plain + written + withUnit + markers + others;
  }

  /** Whether its own name stands among numbers, as it does where a header is repeated. */
  boolean hasName() {
    return names > 0;
  }

  /** The first text that is no number as we read them; the first of all, where each is one. */
  Place.@Nullable Finding first() {
    return firstOdd == null ? first : firstOdd;
  }
}
