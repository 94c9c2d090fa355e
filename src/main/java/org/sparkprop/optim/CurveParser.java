package org.sparkprop.optim;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.sparkprop.base.Nearest;

/** Reads a {@link RateCurve} such as {@code step(30, 0.1)}: a word, and its numbers. */
final class CurveParser {
  private static final Pattern FORM = Pattern.compile("([a-zA-Z-]+)(?:\\(([^()]*)\\))?");

  private final String text;

  private CurveParser(String text) {
    this.text = text.trim();
  }

  /**
   * The curve that {@code text} names.
   *
   * @throws IllegalArgumentException if it names none, with the forms that there are
   */
  static RateCurve parse(String text) {
    return new CurveParser(text).curve();
  }

  private RateCurve curve() {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw invalid();
    }
    List<String> numbers =
        form.group(2) == null
            ? List.of()
            : Stream.of(form.group(2).split(",", -1)).map(String::trim).toList();
    return switch (form.group(1).toLowerCase(Locale.ROOT) + "/" + numbers.size()) {
      case "constant/0" -> RateCurve.CONSTANT;
      case "step/2" -> new RateCurve.Step(whole(numbers.get(0)), number(numbers.get(1)));
      case "exponential/1" -> new RateCurve.Exponential(number(numbers.get(0)));
      case "cosine/0" -> new RateCurve.Cosine(0);
      case "cosine/1" -> new RateCurve.Cosine(number(numbers.get(0)));
      case "one-cycle/0" -> new RateCurve.OneCycle(RateCurve.OneCycle.DEFAULT_RISING);
      case "one-cycle/1" -> new RateCurve.OneCycle(number(numbers.get(0)));
      case "plateau/2" -> new RateCurve.OnPlateau(number(numbers.get(0)), whole(numbers.get(1)));
      default -> throw invalid();
    };
  }

  private double number(String number) {
    try {
      return Double.parseDouble(number);
    } catch (NumberFormatException notANumber) {
      throw invalid();
    }
  }

  private int whole(String number) {
    try {
      return Integer.parseInt(number);
    } catch (NumberFormatException notANumber) {
      throw invalid();
    }
  }

  private IllegalArgumentException invalid() {
    return Nearest.refusal(
        "schedule",
        text,
        "constant, step(30, 0.1), exponential(0.95), cosine, cosine(0.01), one-cycle, one-cycle(0.3) or plateau(0.1, 5)",
        List.of("constant", "step", "exponential", "cosine", "one-cycle", "plateau"));
  }
}
