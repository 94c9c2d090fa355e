package org.sparkprop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LibraryWordsTest {
  @Test
  void whatACommandIsGivenBeforeItIsASettingOfTheSession() {
    assertEquals(
        "Cannot reach s3a://b/m: Hadoop 3.5.0 is here without its part for s3a:// (set spark.jars.packages to org.apache.hadoop:hadoop-aws:3.5.0)",
        LibraryWords.of(
            "Cannot reach s3a://b/m: Hadoop 3.5.0 is here without its part for s3a:// (give --packages org.apache.hadoop:hadoop-aws:3.5.0 before the command)"));
  }
}
