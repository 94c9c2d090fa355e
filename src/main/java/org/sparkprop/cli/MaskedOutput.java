package org.sparkprop.cli;

import java.io.PrintStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.Secrets;

/** What a command prints, line by line without secrets. */
@SuppressWarnings("AnnotateFormatMethod") // so are those that it overrides
final class MaskedOutput extends PrintStream {
  private final PrintStream shown;

  MaskedOutput(PrintStream out) {
    super(out, true);
    this.shown = out;
  }

  @Override
  public void print(@Nullable String text) {
    shown.print(Secrets.masked(String.valueOf(text)));
  }

  @Override
  public void println(@Nullable String text) {
    shown.println(Secrets.masked(String.valueOf(text)));
  }

  @Override
  public void println(@Nullable Object text) {
    println(String.valueOf(text));
  }

  @Override
  public PrintStream format(String format, @Nullable Object... values) {
    print(String.format(format, values));
    return this;
  }

  @Override
  public PrintStream format(@Nullable Locale locale, String format, @Nullable Object... values) {
    print(String.format(locale, format, values));
    return this;
  }

  @Override
  public PrintStream printf(String format, @Nullable Object... values) {
    return format(format, values);
  }
}
