package org.sparkprop.spark;

import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.sparkprop.base.InvalidInputException;

/** A session whose serializer takes registered classes only. */
public final class KryoSetting {
  private static final String REQUIRED = "spark.kryo.registrationRequired";

  private KryoSetting() {}

  /**
   * Refuses such a session before anything runs in it; without that setting, Kryo works.
   *
   * @throws InvalidInputException if classes of ours could not be sent
   */
  public static void refuse(SparkSession spark) {
    SparkConf conf = spark.sparkContext().getConf();
    if (conf.get("spark.serializer", "").endsWith("KryoSerializer")
        && conf.getBoolean(REQUIRED, false)) {
      throw new InvalidInputException(
          "Cannot use this session: it has %s=true, and sparkprop's classes are not registered (start it with %s=false)"
              .formatted(REQUIRED, REQUIRED));
    }
  }
}
