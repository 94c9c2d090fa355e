/**
 * Files, checked independently of Spark, so that nothing is misread unnoticed.
 *
 * <p>A {@link org.sparkprop.data.source.file.SecondLook} finds the file and the physical line of a
 * row or of a failure. {@link org.sparkprop.data.source.file.CsvTable} holds CSV to RFC 4180:
 * {@link org.sparkprop.data.source.file.CsvScan} goes over the bytes in parallel, {@code CsvQuotes}
 * tells which of them are within quotes, {@link org.sparkprop.data.source.file.CsvHeaders} compares
 * the first lines of all files, {@link org.sparkprop.data.source.file.CsvFault} says what is wrong
 * with a record. {@link org.sparkprop.data.source.file.JsonTable} does the same for JSON. {@link
 * org.sparkprop.data.source.file.FileKind} knows a file by its first bytes, {@link
 * org.sparkprop.data.source.file.FileColumns} the columns of Parquet and ORC, and {@link
 * org.sparkprop.data.source.file.ReadFailure} says in one line what Spark cannot read.
 *
 * <p>It uses {@code base} and {@code spark}; only {@code data.source} and its rooms use it, and
 * those who print a {@link org.sparkprop.data.source.file.ReadFailure}. Begin with {@link
 * org.sparkprop.data.source.file.SecondLook}.
 */
@NullMarked
package org.sparkprop.data.source.file;

import org.jspecify.annotations.NullMarked;
