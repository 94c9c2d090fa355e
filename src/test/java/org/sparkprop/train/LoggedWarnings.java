package org.sparkprop.train;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** What a class logs, from now until this is closed. */
final class LoggedWarnings extends Handler {
  private final Logger log;
  private final List<String> lines = new ArrayList<>();

  LoggedWarnings(Class<?> of) {
    this.log = Logger.getLogger(of.getName());
    log.addHandler(this);
  }

  List<String> lines() {
    return lines;
  }

  @Override
  public void publish(LogRecord record) {
    lines.add(new SimpleFormatter().formatMessage(record));
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    log.removeHandler(this);
  }
}
