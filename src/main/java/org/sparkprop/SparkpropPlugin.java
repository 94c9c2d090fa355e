package org.sparkprop;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import java.io.Serializable;
import java.lang.System.Logger;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.ExecutorAllocationClient;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.apache.spark.scheduler.ExecutorDecommissionInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.jspecify.annotations.Nullable;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.model.BlasOfJvm;
import org.sparkprop.nn.blas.Blas;
import org.sparkprop.nn.blas.BlasChoice;
import org.sparkprop.nn.blas.BlasException;
import org.sparkprop.train.DriverMetrics;
import org.sparkprop.train.ExecutorBlas;
import org.sparkprop.train.ExecutorMetrics;
import scala.Option;

/**
 * Sets an executor up before its first task: it chooses its BLAS and tells the driver. Also brings
 * our numbers into Spark's metrics system, those of {@link DriverMetrics} and {@link
 * ExecutorMetrics}. Spark loads this class by its name in {@code spark.plugins}.
 *
 * <p>An executor that cannot have its BLAS stays, since Spark would start another in its place for
 * ever. While there are others, it gets no tasks, which would fail when they multiply and use up
 * the attempts that Spark grants; while there are none, its tasks say what is wrong.
 */
public final class SparkpropPlugin implements SparkPlugin {
  /** The setting of Spark that holds the word of a {@link BlasChoice}. */
  public static final String BLAS = "spark.sparkprop.blas";

  /** By which Spark may have loaded it: its own name, and that of version 0.1. */
  public static final Set<String> NAMES =
      Set.of(SparkpropPlugin.class.getName(), org.sparkprop.train.SparkpropPlugin.class.getName());

  private static final Logger LOG = System.getLogger(SparkpropPlugin.class.getName());

  /**
   * Executors choose the best BLAS of their host by themselves; any other choice is made when they
   * start, by this plugin.
   *
   * @throws InvalidInputException if those of this session have started with another choice
   */
  public static void refuseUnlessOnExecutors(SparkContext spark, BlasChoice blas) {
    boolean onExecutors =
        spark.isLocal() || (isLoadedIn(spark) && spark.getConf().get(BLAS, "").equals(blas.word()));
    if (blas != BlasChoice.AUTO && !onExecutors) {
      throw new InvalidInputException(
          "Cannot use BLAS %s on executors: they have started without it (give the session spark.plugins=%s and %s=%s)"
              .formatted(blas.word(), SparkpropPlugin.class.getName(), BLAS, blas.word()));
    }
  }

  /** Whether a session was started with this plugin, as it has to be for it to do anything. */
  private static boolean isLoadedIn(SparkContext spark) {
    return List.of(spark.getConf().get("spark.plugins", "").split(",", -1)).stream()
        .anyMatch(plugin -> NAMES.contains(plugin.strip()));
  }

  @Override
  public DriverPlugin driverPlugin() {
    return new OnDriver();
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new OnExecutor();
  }

  /** What an executor tells the driver. */
  @DefaultSerializer(JavaSerializer.class)
  private record Choice(String executor, String blas, String problem) implements Serializable {
    boolean isRefused() {
      return blas.isEmpty();
    }
  }

  /** Puts together what Spark says of an executor and what it says itself, in either order. */
  private static final class OnDriver extends SparkListener implements DriverPlugin {
    private final Map<String, SparkListenerExecutorAdded> added = new HashMap<>();
    private final Map<String, Choice> choices = new HashMap<>();
    private final Set<String> aside = new HashSet<>();
    private @Nullable SparkContext spark;

    @Override
    public Map<String, String> init(SparkContext spark, PluginContext context) {
      ExecutorBlas.clear();
      this.spark = spark;
      Blas.use(choiceOf(context));
      spark.addSparkListener(this);
      return Map.of();
    }

    @Override
    public void registerMetrics(String application, PluginContext context) {
      DriverMetrics.register(context.metricRegistry());
    }

    @Override
    public synchronized void onExecutorAdded(SparkListenerExecutorAdded executor) {
      added.put(executor.executorId(), executor);
      join(executor.executorId());
    }

    @Override
    public synchronized @Nullable Object receive(Object message) {
      Choice choice = (Choice) message;
      choices.put(choice.executor(), choice);
      setRefusedAside();
      join(choice.executor());
      return null;
    }

    private void setRefusedAside() {
      if (choices.values().stream().allMatch(Choice::isRefused)) {
        return;
      }
      choices.values().stream()
          .filter(Choice::isRefused)
          .filter(choice -> aside.add(choice.executor()))
          .forEach(choice -> giveNoTasks(choice.executor()));
    }

    /**
     * Tells Spark that an executor is about to go: it gets no further task. It would really go, and
     * another come, only if the user had enabled that.
     */
    private void giveNoTasks(String executor) {
      if (spark != null
          && !spark.getConf().getBoolean("spark.decommission.enabled", false)
          && spark.schedulerBackend() instanceof ExecutorAllocationClient client) {
        client.decommissionExecutor(
            executor, new ExecutorDecommissionInfo("It has no BLAS", Option.empty()), false, false);
      }
    }

    private void join(String name) {
      SparkListenerExecutorAdded executor = added.get(name);
      Choice choice = choices.get(name);
      if (executor != null && choice != null) {
        String host = executor.executorInfo().executorHost();
        int cores = executor.executorInfo().totalCores();
        ExecutorBlas.add(new ExecutorBlas(name, host, cores, choice.blas(), choice.problem()));
      }
    }
  }

  private static final class OnExecutor implements ExecutorPlugin {
    @Override
    public void init(PluginContext context, Map<String, String> fromDriver) {
      ExecutorMetrics.register(context.metricRegistry());
      if (context.executorID().equals("driver")) {
        return; // in local mode, where it has its BLAS already
      }
      Choice choice;
      try {
        Blas.use(choiceOf(context));
        LOG.log(Logger.Level.INFO, "BLAS: " + Blas.name());
        BlasOfJvm here = BlasOfJvm.here();
        choice = new Choice(context.executorID(), here.blas(), here.problem());
      } catch (BlasException refused) {
        LOG.log(Logger.Level.ERROR, refused.getMessage(), refused);
        choice = new Choice(context.executorID(), "", refused.lineFor("executor"));
      }
      try {
        context.ask(choice); // not send: the driver knows it before this executor gets a task
      } catch (Exception unreachable) {
        LOG.log(Logger.Level.WARNING, "Cannot tell the driver of the BLAS", unreachable);
      }
    }
  }

  private static BlasChoice choiceOf(PluginContext context) {
    return BlasChoice.of(context.conf().get(BLAS, BlasChoice.AUTO.word()));
  }
}
