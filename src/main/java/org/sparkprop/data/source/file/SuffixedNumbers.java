package org.sparkprop.data.source.file;

import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;
import org.sparkprop.spark.JobDescription;

/** Columns of text in which a number has a letter behind it that Java has for types of numbers. */
final class SuffixedNumbers {
  private static final Pattern FORM =
      Pattern.compile("[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?[dDfF]");

  private SuffixedNumbers() {}

  /**
   * Which of the columns have such a text, in one Spark job.
   *
   * @param columns of text, by their places
   */
  static BitSet in(Dataset<Row> table, List<Integer> columns, String name) {
    int[] at = columns.stream().mapToInt(Integer::intValue).toArray();
    BitSet found = new BitSet();
    JobDescription.during(
            table.sparkSession().sparkContext(),
            "looking at the numbers of " + name,
            () ->
                table
                    .queryExecution()
                    .toRdd()
                    .toJavaRDD()
                    .mapPartitions(rows -> List.of(in(rows, at)).iterator())
                    .collect())
        .forEach(more -> found.or(BitSet.valueOf(more)));
    return found;
  }

  private static long[] in(Iterator<InternalRow> rows, int[] columns) {
    BitSet found = new BitSet();
    while (rows.hasNext()) {
      InternalRow row = rows.next();
      for (int column : columns) {
        if (!row.isNullAt(column) && !found.get(column) && isOne(row.getUTF8String(column))) {
          found.set(column);
        }
      }
    }
    return found.toLongArray();
  }

  private static boolean isOne(UTF8String text) {
    return text.numBytes() > 1 && FORM.matcher(text.toString().strip()).matches();
  }
}
