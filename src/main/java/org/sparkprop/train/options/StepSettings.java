package org.sparkprop.train.options;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toList;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.sparkprop.base.Words;
import org.sparkprop.optim.Hyperparameter;
import org.sparkprop.optim.LearningRateSchedule;
import org.sparkprop.optim.OptimizerSettings;
import org.sparkprop.optim.RateCurve;
import org.sparkprop.optim.Regularization;
import org.sparkprop.optim.ScheduleUnit;
import org.sparkprop.optim.UpdateRule;
import org.sparkprop.train.options.Setting.Group;

/**
 * The settings that make up {@link OptimizerSettings}: the optimiser, its learning rate and
 * schedule, what regularises a step, and whatever an {@link UpdateRule} declares, so that a new
 * rule brings its own. Rules that share a word share the setting, each with its own default.
 */
public final class StepSettings {
  public static final Setting<UpdateRule> OPTIMIZER =
      Setting.named(
              "optimizer", Group.OPTIMIZER, new Form<>("RULE", UpdateRule::of, UpdateRule::word))
          .meaning(words(UpdateRule.ALL) + ".")
          .example("adamw")
          .orElse(UpdateRule.DEFAULT);

  public static final Setting<Double> LEARNING_RATE =
      Setting.named("learning-rate", Group.OPTIMIZER, Form.number("RATE", "learning rate"))
          .meaning("Learning rate.")
          .example("0.01")
          .orElse(
              byRule(UpdateRule.ALL, rule -> Double.toString(rule.learningRate())),
              options -> options.get(OPTIMIZER).learningRate());

  public static final Setting<RateCurve> SCHEDULE =
      Setting.named(
              "schedule",
              Group.SCHEDULE,
              new Form<>("CURVE", RateCurve::parse, RateCurve::toString))
          .meaning(
              "Learning-rate schedule: constant; step(30, 0.1), times 0.1 every 30 units; exponential(0.95), times 0.95 after each; cosine or cosine(0.01), down to 0 or to that share; one-cycle or one-cycle(0.3), up to the rate in 0.3 of the run and down to almost 0; plateau(0.1, 5), times 0.1 after 5 epochs without improvement of what --monitor names, or else of the training loss.")
          .example("step(30, 0.1)")
          .orElse(RateCurve.CONSTANT);

  public static final Setting<ScheduleUnit> SCHEDULE_BY =
      Setting.named(
              "schedule-by",
              Group.SCHEDULE,
              new Form<>("UNIT", ScheduleUnit::of, ScheduleUnit::word))
          .meaning(
              "Unit that --schedule and --warmup count: epoch or round, where each local step is a round.")
          .example("round")
          .orElse(ScheduleUnit.EPOCH);

  public static final Setting<Long> WARMUP =
      Setting.named(
              "warmup",
              Group.SCHEDULE,
              new Form<>(
                  "N", text -> Form.parseWhole("warm-up", text), units -> Long.toString(units)))
          .meaning(
              "Number of units in which the learning rate rises, step by step, before the schedule begins.")
          .example("5")
          .orElse(0L);

  public static final Setting<Double> WEIGHT_DECAY =
      Setting.named("weight-decay", Group.REGULARIZATION, Form.number("NUMBER", "weight decay"))
          .meaning(
              "Decoupled weight decay: subtracts rate · decay · w from each weight w in each step; lamb's rule has it inside.")
          .example("0.01")
          .orElse(
              byRule(UpdateRule.ALL, rule -> Double.toString(rule.weightDecay())),
              options -> options.get(OPTIMIZER).weightDecay());

  public static final Setting<Double> L1 =
      Setting.named("l1", Group.REGULARIZATION, Form.number("NUMBER", "l1"))
          .meaning(
              "L1 penalty: adds l1 · sign(w) to the gradient of each weight w; biases have no penalty.")
          .example("0.0001")
          .orElse(0.0);

  public static final Setting<Double> L2 =
      Setting.named("l2", Group.REGULARIZATION, Form.number("NUMBER", "l2"))
          .meaning("L2 penalty: adds l2 · w to the gradient of each weight w.")
          .example("0.0001")
          .orElse(0.0);

  public static final Setting<Double> MAX_NORM =
      Setting.named("max-norm", Group.REGULARIZATION, bound("max norm"))
          .meaning(
              "Maximum norm of the incoming weights of a unit; longer ones are scaled back after each step.")
          .example("3")
          .orElse(Regularization.UNBOUNDED);

  public static final Setting<Double> CLIP_VALUE =
      Setting.named("clip-value", Group.REGULARIZATION, bound("clip value"))
          .meaning("Clips each element of the mean gradient to [-c, c].")
          .example("0.5")
          .orElse(Regularization.UNBOUNDED);

  public static final Setting<Double> CLIP_NORM =
      Setting.named("clip-norm", Group.REGULARIZATION, bound("clip norm"))
          .meaning("Clips the mean gradient of all parameters to this norm.")
          .example("1")
          .orElse(Regularization.UNBOUNDED);

  /** What the rules declare. */
  static final List<Setting<Double>> HYPERPARAMETERS = hyperparameters();

  static final List<Setting<?>> ALL =
      Stream.of(
              List.of(OPTIMIZER, LEARNING_RATE),
              HYPERPARAMETERS,
              List.of(SCHEDULE, SCHEDULE_BY, WARMUP),
              List.of(L1, L2, WEIGHT_DECAY, MAX_NORM, CLIP_VALUE, CLIP_NORM))
          .<Setting<?>>flatMap(List::stream)
          .toList();

  private StepSettings() {}

  /**
   * What the options say of a step.
   *
   * @throws IllegalArgumentException if a number is out of bounds, or the rule does not take it
   */
  static OptimizerSettings of(TrainingOptions options) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    for (Setting<Double> hyperparameter : HYPERPARAMETERS) {
      if (options.given().containsKey(hyperparameter)) {
        numbers.put(hyperparameter.name(), options.get(hyperparameter));
      }
    }
    return OptimizerSettings.of(
        options.get(OPTIMIZER),
        options.get(LEARNING_RATE),
        numbers,
        new LearningRateSchedule(
            options.get(SCHEDULE), options.get(SCHEDULE_BY), options.get(WARMUP)),
        new Regularization(
            options.get(L1),
            options.get(L2),
            options.get(WEIGHT_DECAY),
            options.get(MAX_NORM),
            options.get(CLIP_VALUE),
            options.get(CLIP_NORM)));
  }

  /** The other way round. */
  static TrainingOptionsBuilder with(TrainingOptionsBuilder options, OptimizerSettings settings) {
    LearningRateSchedule schedule = settings.schedule();
    Regularization regularization = settings.regularization();
    settings.values().forEach((word, value) -> options.with(hyperparameter(word), value));
    return options
        .with(OPTIMIZER, settings.rule())
        .with(LEARNING_RATE, settings.learningRate())
        .with(SCHEDULE, schedule.curve())
        .with(SCHEDULE_BY, schedule.unit())
        .with(WARMUP, schedule.warmup())
        .with(WEIGHT_DECAY, regularization.weightDecay())
        .with(L1, regularization.l1())
        .with(L2, regularization.l2())
        .with(MAX_NORM, regularization.maxNorm())
        .with(CLIP_VALUE, regularization.clipValue())
        .with(CLIP_NORM, regularization.clipNorm());
  }

  /**
   * The setting of a rule's number.
   *
   * @throws IllegalArgumentException if no rule takes it
   */
  public static Setting<Double> hyperparameter(String word) {
    return HYPERPARAMETERS.stream()
        .filter(setting -> setting.name().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Invalid hyperparameter: %s (must be %s)"
                        .formatted(
                            word,
                            Words.either(HYPERPARAMETERS.stream().map(Setting::name).toList()))));
  }

  private static List<Setting<Double>> hyperparameters() {
    Map<String, List<UpdateRule>> rulesOf = new LinkedHashMap<>();
    for (UpdateRule rule : UpdateRule.ALL) {
      for (Hyperparameter hyperparameter : rule.hyperparameters()) {
        rulesOf.computeIfAbsent(hyperparameter.word(), word -> new ArrayList<>()).add(rule);
      }
    }
    return rulesOf.entrySet().stream()
        .map(entry -> hyperparameter(entry.getKey(), entry.getValue()))
        .toList();
  }

  private static Setting<Double> hyperparameter(String word, List<UpdateRule> rules) {
    Hyperparameter first = rules.get(0).hyperparameter(word);
    boolean isSwitch = first.kind() == Hyperparameter.Kind.SWITCH;
    return Setting.named(
            word,
            Group.OPTIMIZER,
            new Form<>(
                isSwitch ? "" : "NUMBER",
                text -> isSwitch ? onOrOff(word, text) : Form.parseNumber(word, text),
                first::format))
        .meaning(
            "With --optimizer %s: %s."
                .formatted(
                    words(rules), byRule(rules, rule -> rule.hyperparameter(word).meaning())))
        .example(isSwitch ? "" : first.format(first.example()))
        .onlyIf(options -> rules.contains(options.get(OPTIMIZER)))
        .orElse(
            byRule(rules, rule -> standard(rule.hyperparameter(word))),
            options -> options.get(OPTIMIZER).hyperparameter(word).byDefault());
  }

  private static double onOrOff(String word, String text) {
    return switch (text.trim()) {
      case "true" -> 1;
      case "false" -> 0;
      default -> Form.parseNumber(word, text);
    };
  }

  private static String standard(Hyperparameter hyperparameter) {
    return hyperparameter.format(hyperparameter.byDefault());
  }

  private static Form<Double> bound(String what) {
    return new Form<>("NUMBER", text -> boundOf(what, text), bound -> Regularization.word(bound));
  }

  private static double boundOf(String what, String text) {
    if (text.trim().equalsIgnoreCase(Regularization.UNBOUNDED_WORD)) {
      return Regularization.UNBOUNDED;
    }
    try {
      double bound = Double.parseDouble(text);
      if (bound != Regularization.UNBOUNDED) {
        return bound;
      }
    } catch (NumberFormatException notANumber) {
      // refused below, like any other word
    }
    throw new IllegalArgumentException(
        "Invalid %s: %s (must be a number > 0, or %s)"
            .formatted(what, text.trim(), Regularization.UNBOUNDED_WORD));
  }

  /** What all rules say, or each of the things that they say with the rules that say it. */
  private static String byRule(List<UpdateRule> rules, Function<UpdateRule, String> saying) {
    Map<String, List<UpdateRule>> rulesOf =
        rules.stream().collect(groupingBy(saying, LinkedHashMap::new, toList()));
    if (rulesOf.size() == 1) {
      return rulesOf.keySet().iterator().next();
    }
    return rulesOf.entrySet().stream()
        .map(entry -> "%s for %s".formatted(entry.getKey(), words(entry.getValue())))
        .collect(joining("; "));
  }

  /** {@code "a, b or c"}. */
  private static String words(List<UpdateRule> rules) {
    return Words.either(rules.stream().map(UpdateRule::word).toList());
  }
}
