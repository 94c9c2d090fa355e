package org.sparkprop.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import org.apache.hadoop.util.VersionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkprop.cli.CommandRun;

class ConnectorTest {
  private static final String HADOOP = VersionInfo.getVersion();

  private static String lineFor(String path, String artifact) {
    return "error: Cannot reach %s: Hadoop %s is here without its part for %s (give --packages org.apache.hadoop:%s:%2$s before the command)\n"
        .formatted(path, HADOOP, path.substring(0, path.indexOf("bucket")), artifact);
  }

  /** Rows, a model that is read, and one that is to be written. */
  @ParameterizedTest
  @CsvSource({"s3a,hadoop-aws", "abfss,hadoop-azure", "oss,hadoop-aliyun"})
  void aPathOfAnObjectStoreNamesThePackageThatIsMissing(String scheme, String artifact) {
    String path = scheme + "://bucket/letters";
    CommandRun rows = CommandRun.of("train", "--layers=3 softmax", "--data=" + path, "--model=m");
    assertEquals(lineFor(path, artifact), rows.err());
    assertEquals(1, rows.status());

    String model = scheme + "://bucket/model";
    CommandRun written =
        CommandRun.of("train", "--layers=3 softmax", "--data=spiral", "--model=" + model);
    assertEquals(1, written.status());
    CommandRun read = CommandRun.of("evaluate", "--data=spiral", "--model=" + model);
    assertEquals(lineFor(model, artifact), written.err());
    assertEquals(lineFor(model, artifact), read.err());
  }

  @Test
  void theVersionIsThatOfTheHadoopThatRuns() {
    assertEquals(
        "Hadoop 3.4.1 is here without its part for abfss:// (give --packages org.apache.hadoop:hadoop-azure:3.4.1 before the command)",
        Connector.adviceFor("abfss", "3.4.1"));
    assertEquals(
        "Hadoop 3.4.1 is here without its part for gs:// (give --packages com.google.cloud.bigdataoss:gcs-connector:hadoop3-2.2.26 before the command)",
        Connector.adviceFor("gs", "3.4.1"));
    assertEquals(
        "Hadoop 3.5.0 is here without its part for gs:// (give --packages org.apache.hadoop:hadoop-gcp:3.5.0 before the command)",
        Connector.adviceFor("gs", "3.5.0"));
    assertEquals("Hadoop 3.5.0 has no s3:// (write s3a://)", Connector.adviceFor("s3", "3.5.0"));
  }

  @Test
  void otherFailuresAreNotItsAffair() {
    assertNull(Connector.adviceFor("s3a", new IOException("Access denied")));
    assertNull(Connector.adviceFor("hdfs", new NoClassDefFoundError("x")));
  }
}
