package org.sparkprop.train;

import java.lang.System.Logger;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.SparkPlugin;

/**
 * The plugin by the name that it had until version 0.1, which users have in {@code spark.plugins}.
 */
public final class SparkpropPlugin implements SparkPlugin {
  private static final String NAME = "org.sparkprop.SparkpropPlugin";

  private static final Logger LOG = System.getLogger(SparkpropPlugin.class.getName());

  private final SparkPlugin plugin;

  /** Made by Spark. */
  public SparkpropPlugin() throws ReflectiveOperationException {
    plugin = Class.forName(NAME).asSubclass(SparkPlugin.class).getConstructor().newInstance();
  }

  @Override
  public DriverPlugin driverPlugin() {
    LOG.log(
        Logger.Level.WARNING,
        "spark.plugins={0} is the old name of spark.plugins={1}; give that one",
        SparkpropPlugin.class.getName(),
        NAME);
    return plugin.driverPlugin();
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return plugin.executorPlugin();
  }
}
