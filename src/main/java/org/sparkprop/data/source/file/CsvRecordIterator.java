package org.sparkprop.data.source.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The records of a CSV file for a task of Spark; the file is closed behind the last. */
final class CsvRecordIterator implements Iterator<String> {
  private final CsvRecords records;
  private @Nullable String next;

  CsvRecordIterator(CsvRecords records, boolean dropFirst) {
    this.records = records;
    this.next = read();
    if (dropFirst) {
      this.next = read();
    }
  }

  @Override
  public boolean hasNext() {
    return next != null;
  }

  @Override
  public String next() {
    String found = next;
    if (found == null) {
      throw new NoSuchElementException();
    }
    next = read();
    return found;
  }

  private @Nullable String read() {
    try {
      String record = records.next();
      if (record == null) {
        records.close();
      }
      return record;
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
