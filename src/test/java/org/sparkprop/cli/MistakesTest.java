package org.sparkprop.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sparkprop.data.source.idx.IdxFiles;

/** What users get wrong, and the one line that each of them sees. */
class MistakesTest {
  @TempDir Path scratch;

  private static void assertFails(int status, String line, String... args) {
    CommandRun run = CommandRun.of(args);
    assertEquals("error: " + line + "\n", run.err());
    assertEquals(status, run.status());
  }

  private List<String> train(String... more) {
    List<String> args =
        new ArrayList<>(
            List.of("train", "--data", "spiral(5)", "--epochs", "1", "--layers", "3 softmax"));
    args.addAll(List.of("--model", scratch.resolve("model").toString()));
    args.addAll(Arrays.asList(more));
    return args;
  }

  private void assertTrainFails(int status, String line, String... more) {
    assertFails(status, line, train(more).toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--batch-size | 0 | Invalid batch size: 0 (must be > 0)",
        "--batch-size | -3 | Invalid batch size: -3 (must be > 0)",
        "--batch-size | many | Invalid batch size: many (must be a whole number)",
        "--batch-size | 99999999999999999999 | Invalid batch size: 99999999999999999999 (must be"
            + " -9223372036854775808 to 9223372036854775807)",
        "--epochs | 0 | Invalid epochs: 0 (must be > 0)",
        "--epochs | 1.5 | Invalid epochs: 1.5 (must be a whole number)",
        "--learning-rate | NaN | Invalid learning rate: NaN (must be > 0)",
        "--learning-rate | 0 | Invalid learning rate: 0.0 (must be > 0)",
        "--learning-rate | -1 | Invalid learning rate: -1.0 (must be > 0)",
        "--learning-rate | Infinity | Invalid learning rate: Infinity (must be a float,"
            + " 1.17549435E-38 to 3.4028235E38)",
        "--learning-rate | 1e-60 | Invalid learning rate: 1.0E-60 (must be a float, 1.17549435E-38"
            + " to 3.4028235E38)",
        "--epsilon | 0 | Invalid epsilon: 0.0 (must be >= 1.0E-30 and < 1.0)",
        "--beta1 | 1 | Invalid beta1: 1.0 (must be >= 0.0 and < 1.0)",
        "--momentum | 0.5 | Invalid option: --momentum with --optimizer adam (it takes --beta1,"
            + " --beta2, --epsilon)",
        "--optimizer | sdg | Invalid optimizer: sdg (must be one of sgd, adam, adamw, nadam, adagrad,"
            + " adadelta, rmsprop, lamb, lbfgs; did you mean sgd?)",
        "--rho | 0.5 | Invalid option: --rho with --optimizer adam (it takes --beta1, --beta2,"
            + " --epsilon)",
        "--beta2 | huge | Invalid beta2: huge (must be a number)",
        "--l1 | -1 | Invalid l1: -1.0 (must be >= 0)",
        "--l1 | NaN | Invalid l1: NaN (must be >= 0)",
        "--l1 | a | Invalid l1: a (must be a number)",
        "--l2 | -0.1 | Invalid l2: -0.1 (must be >= 0)",
        "--l2 | 1e60 | Invalid l2: 1.0E60 (must be <= 3.4028235E38)",
        "--weight-decay | -1 | Invalid weight decay: -1.0 (must be >= 0)",
        "--weight-decay | NaN | Invalid weight decay: NaN (must be >= 0)",
        "--weight-decay | 2000 | Invalid weight decay: 2000.0 (must be <= 1 / the learning rate,"
            + " 1000.0: a step takes rate times decay of each weight)",
        "--max-norm | 0 | Invalid max norm: 0.0 (must be > 0)",
        "--max-norm | NaN | Invalid max norm: NaN (must be > 0)",
        "--max-norm | much | Invalid max norm: much (must be a number > 0, or none)",
        "--max-norm | 1e60 | Invalid max norm: 1.0E60 (must be a float, 1.17549435E-38 to"
            + " 3.4028235E38)",
        "--clip-value | -1 | Invalid clip value: -1.0 (must be > 0)",
        "--clip-value | Infinity | Invalid clip value: Infinity (must be a number > 0, or none)",
        "--clip-norm | 0 | Invalid clip norm: 0.0 (must be > 0)",
        "--clip-norm | 1e-60 | Invalid clip norm: 1.0E-60 (must be a float, 1.17549435E-38 to"
            + " 3.4028235E38)",
        "--schedule | linear | Invalid schedule: linear (must be constant, step(30, 0.1),"
            + " exponential(0.95), cosine, cosine(0.01), one-cycle, one-cycle(0.3) or plateau(0.1,"
            + " 5))",
        "--schedule | step(0, 0.1) | Invalid schedule: step(0, 0.1) (the number of units must be >"
            + " 0)",
        "--schedule | exponential(NaN) | Invalid schedule: exponential(NaN) (the factor must be > 0"
            + " and <= 1)",
        "--schedule | cosine(-1) | Invalid schedule: cosine(-1.0) (the share at the end must be >="
            + " 0 and <= 1)",
        "--schedule | one-cycle(1) | Invalid schedule: one-cycle(1.0) (the rising share must be > 0"
            + " and < 1)",
        "--schedule | plateau(0.1, 0) | Invalid schedule: plateau(0.1, 0) (the number of epochs"
            + " must be > 0)",
        "--schedule-by | step | Invalid schedule unit: step (must be one of epoch, round)",
        "--warmup | -1 | Invalid warm-up: -1 (must be >= 0)",
        "--warmup | 2000000000 | Invalid warm-up: 2000000000 (must be <= 1000000000)",
        "--warmup | 1 | Invalid warm-up: 1 (must be < 1, the --epochs)",
        "--warmup | some | Invalid warm-up: some (must be a whole number)",
        "--validation | 1 | Invalid validation: 1.0 (must be >= 0 and < 1)",
        "--label | y | Invalid option: --label with --data spiral(5) (it is for tables)",
        "--features | a,b | Invalid option: --features with --data spiral(5) (it is for tables)",
        "--features | a,,b | Invalid features: \"a,,b\" (must be column names, such as age,"
            + " height)",
        "--features | a,label | Invalid label: label (must be a column that is nothing else)",
        "--weight | w | Invalid option: --weight with --data spiral(5) (it is for tables)",
        "--format | csv | Invalid option: --format with --data spiral(5) (it is for tables)",
        "--read-option | sep=x | Invalid option: --read-option with --data spiral(5) (it is for"
            + " tables)",
        "--read-option | sep | Value for option option '--read-option' (NAME=VALUE) should be in"
            + " KEY=VALUE format but was sep",
        "--data | friedman(0) | Invalid friedman: 0 rows (must be 1 to 1000000000)",
        "--data | table: | Invalid data: table: (must name a table, such as table:db.name)",
        "--data | a:b | Invalid data: a:b (must be a path: what stands before a colon is the scheme"
            + " of a file system; give the whole path, from / on)",
        "--test-data | spiral(0) | Invalid spiral: 0 points a class (must be 1 to 100000)",
        "--layers | 3 sofmax | Invalid activation: sofmax (must be one of linear, sigmoid, tanh,"
            + " relu, leaky-relu, elu, selu, softplus, gelu, silu, mish, exponential, softmax; did you mean"
            + " softmax?)",
        "--layers | relu 3 | Invalid layer: \"relu 3\" (must be a width and an activation, such as"
            + " 128 relu)",
        "--layers | 50000 relu, 50000 relu, 3 softmax | Invalid layers: 50000 relu, 50000 relu, 3"
            + " softmax on 1 feature have more than 2147483639 parameters",
        "--layers | 0 relu | Invalid layer width: 0 (must be > 0)",
        "--layers | 8 relu, | Invalid layer: \"\" (must be a width and an activation, such as 128"
            + " relu)",
        "--loss | huber(2) | Invalid loss: huber(2) (give huber, and --huber-delta 2.0)",
        "--huber-delta | 2 | Invalid huber delta: 2.0 with --loss softmax-cross-entropy (it needs"
            + " huber)",
        "--loss | mse | Invalid loss: mse (must be one of squared-error, absolute-error, huber,"
            + " poisson, softmax-cross-entropy, sigmoid-cross-entropy)",
        "--loss | squared-error | Invalid loss: squared-error with a softmax last layer (softmax"
            + " needs softmax-cross-entropy)",
        "--init | zeros | Invalid initializer: zeros (must be auto, glorot, he, lecun, uniform(0.5) or"
            + " normal(0.1))",
        "--part | train[5] | Invalid part: train[5] (must be a name such as train, or a cut such as"
            + " train[0:1000])",
        "--seed | x | Invalid seed: x (must be a whole number)",
        "--partitions | 0 | Invalid number of partitions: 0 (must be > 0)",
        "--blas | mkl | Invalid BLAS: mkl (must be one of auto, openblas, system, java)",
        "--slice-size | 0 | Invalid slice size: 0 (must be > 0)",
        "--local-steps | 0 | Invalid local steps: 0 (must be a number > 0, epoch or auto)",
        "--local-steps | -1 | Invalid local steps: -1 (must be a number > 0, epoch or auto)",
        "--local-steps | often | Invalid local steps: often (must be a number > 0, epoch or auto)",
        "--workers | 0 | Invalid number of workers: 0 (must be > 0)",
        "--workers | 2 | Invalid number of workers: 2 (must be 1 with --local-steps 1; give more"
            + " local steps)",
      })
  void aWrongValueIsWrongUsage(String option, String value, String line) {
    assertTrainFails(2, line, option, value);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--batch-size | 512 | Invalid batch size: 512 (must be left out with --optimizer lbfgs,"
            + " whose batch is all rows)",
        "--local-steps | 2 | Invalid local steps: 2 (must be 1 with --optimizer lbfgs)",
        "--schedule | cosine | Invalid schedule: cosine (must be constant with --optimizer lbfgs)",
        "--schedule-by | round | Invalid schedule by: round (must be epoch with --optimizer lbfgs)",
        "--warmup | 3 | Invalid warmup: 3 (must be 0 with --optimizer lbfgs)",
        "--l1 | 0.1 | Invalid l1: 0.1 (must be 0.0 with --optimizer lbfgs)",
        "--weight-decay | 0.1 | Invalid weight decay: 0.1 (must be 0.0 with --optimizer lbfgs)",
        "--max-norm | 3 | Invalid max norm: 3.0 (must be none with --optimizer lbfgs)",
        "--clip-value | 3 | Invalid clip value: 3.0 (must be none with --optimizer lbfgs)",
        "--clip-norm | 3 | Invalid clip norm: 3.0 (must be none with --optimizer lbfgs)",
        "--local-steps | auto | Invalid local steps: auto (must be 1 with --optimizer lbfgs)",
        "--momentum | 0.5 | Invalid option: --momentum with --optimizer lbfgs (it takes --history,"
            + " --tolerance, --layerwise, --sample-doublings, --sample-iterations)",
        "--history | 0 | Invalid history: 0 (must be a whole number, 1 to 1000)",
        "--history | 2.5 | Invalid history: 2.5 (must be a whole number, 1 to 1000)",
        "--history | many | Invalid history: many (must be a number)",
        "--tolerance | -1 | Invalid tolerance: -1.0 (must be >= 0.0 and < 1.0)",
        "--tolerance | NaN | Invalid tolerance: NaN (must be >= 0.0 and < 1.0)",
        "--sample-doublings | -1 | Invalid sample-doublings: -1 (must be a whole number, 0 to 20)",
        "--sample-doublings | 21 | Invalid sample-doublings: 21 (must be a whole number, 0 to 20)",
        "--sample-doublings | NaN | Invalid sample-doublings: NaN (must be a whole number, 0 to"
            + " 20)",
        "--sample-iterations | 0 | Invalid sample-iterations: 0 (must be a whole number, 1 to"
            + " 1000000)",
        "--learning-rate | 0 | Invalid learning rate: 0.0 (must be > 0)",
      })
  void whatLbfgsCannotUseIsRefused(String option, String value, String line) {
    assertTrainFails(2, line, "--optimizer", "lbfgs", option, value);
  }

  /** All of them before Spark starts, with both options and the way out. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--optimizer=sgd --momentum=0 --nesterov | Invalid momentum: 0.0 (must be > 0 with"
            + " --nesterov)",
        "--nesterov | Invalid option: --nesterov with --optimizer adam (it takes --beta1, --beta2,"
            + " --epsilon)",
        "--workers=2 | Invalid number of workers: 2 (must be 1 with --local-steps 1; give more"
            + " local steps)",
        "--workers=3 --local-steps=2 --shards=2 | Invalid number of shards: 2 (must be >= 3, the"
            + " --workers)",
        "--min-delta=0.1 | Invalid minimal delta: 0.1 without --patience (give it, too)",
        "--checkpoint-interval=-1 | Invalid checkpoint interval: -1.0 (must be >= 0 seconds, or"
            + " none)",
        "--checkpoint-interval=often | Invalid checkpoint interval: often (must be >= 0 seconds, or"
            + " none)",
        "--monitor=accuracy | Invalid monitor: accuracy without --validation (give it, too, or"
            + " monitor the loss)",
        "--target=accuracy=0.9 | Invalid target: accuracy=0.9 without --validation (give it, too)",
        "--monitor=rmse --validation=0.1 | Invalid monitor: rmse with --task classification (must"
            + " be one of loss, accuracy, balanced-accuracy, f1-macro, f1-weighted, mcc, kappa, top-5,"
            + " log-loss, roc-auc, pr-auc)",
        "--target=r2=0.9 --validation=0.1 | Invalid target: r2 with --task classification (must be"
            + " one of loss, accuracy, balanced-accuracy, f1-macro, f1-weighted, mcc, kappa, top-5, log-loss,"
            + " roc-auc, pr-auc)",
        "--layers=1 --class-weights=balanced | Invalid class weights: balanced with --task"
            + " regression (they need classification)",
        "--class-weights=1,2 | Invalid class weights: 1.0, 2.0 (must be 3 numbers, one for each"
            + " class)",
        "--layers=1 --label-smoothing=0.1 | Invalid label smoothing: 0.1 with --loss squared-error"
            + " (it needs softmax- or sigmoid-cross-entropy)",
        "--target-units=raw | Invalid target units: raw with --task classification (they are for"
            + " regression; classes have no units)",
        "--layers=1~exponential --target-units=standard | Invalid target units: standard with"
            + " --loss poisson (counts have no units)",
        "--task=regression | Invalid task: regression with --loss softmax-cross-entropy (it must be"
            + " classification)",
        "--dropout=0.5 | Invalid dropout: 0.5 (there is no hidden layer; use --input-dropout for"
            + " the features)",
        "--layers=9~relu,3~softmax --dropout=0.5,0.2 | Invalid dropout: 0.5, 0.2 (must be one rate,"
            + " or 1, one for each hidden layer)",
        "--optimizer=lbfgs --input-dropout=0.5 | Invalid dropout: input dropout 0.5 (must be none"
            + " with --optimizer lbfgs, whose loss may not be a random one)",
        "--input-noise=-1 | Invalid input noise: -1.0 (must be >= 0)",
        "--optimizer=lbfgs --input-noise=0.5 | Invalid input noise: 0.5 (must be 0 with --optimizer"
            + " lbfgs, whose loss may not be a random one)",
        "--init=he --init-from=m | Invalid option: --init he with --init-from m (must be one of the"
            + " two)",
        "--warmup=2 --epochs=2 | Invalid warm-up: 2 (must be < 2, the --epochs)",
        "--schedule-by=round | Invalid option: --schedule-by round with --schedule constant (which"
            + " has no rounds to count; give another, or --warmup)",
        "--schedule=plateau(0.1,5) --schedule-by=round | Invalid option: --schedule-by round with"
            + " --schedule plateau(0.1, 5) (which has no rounds to count; give another, or"
            + " --warmup)",
        "--test-data=spiral --test-part=none | Invalid option: --test-data spiral with --test-part"
            + " none (leave out one of the two)",
      })
  void optionsThatDoNotGoTogetherAreNamed(String options, String line) {
    String[] given = options.split(" ");
    for (int i = 0; i < given.length; i++) {
      given[i] = given[i].replace('~', ' ');
    }
    assertTrainFails(2, line, given);
  }

  /** The end of the line, after what there is. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--optimizer | adamx | ; did you mean adam?)",
        "--loss | hubber | ; did you mean huber?)",
        "--loss | squared_eror | ; did you mean squared-error?)",
        "--task | regresion | ; did you mean regression?)",
        "--layers | 9 rellu, 3 softmax | ; did you mean relu?)",
        "--monitor | acuracy | ; did you mean accuracy?)",
        "--target | r0c-auc=0.9 | ; did you mean roc-auc?)",
        "--schedule | cosin(0.1) | ; did you mean cosine?)",
        "--schedule | Onecycle | ; did you mean one-cycle?)",
        "--schedule-by | epochs | ; did you mean epoch?)",
        "--blas | openblass | ; did you mean openblas?)",
        "--reduction | executor | ; did you mean executors?)",
        "--init | unifrom(0.5) | ; did you mean uniform?)",
        "--class-weights | ballanced | ; did you mean balanced?)",
        "--feature-units | standart | Invalid feature units: standart (must be one of raw,"
            + " standard; did you mean standard?)",
        "--target-units | standart | ; did you mean standard?)",
        "--local-steps | epohc | ; did you mean epoch?)",
      })
  void aMisspeltValueGetsTheNearestOne(String option, String value, String end) {
    CommandRun run = CommandRun.of(train(option, value).toArray(String[]::new));

    assertTrue(run.err().endsWith(end + "\n"), run.err());
    assertEquals(2, run.status());
  }

  @Test
  void aMissingOptionIsNamed() {
    assertFails(2, "Missing required option: '--model=FOLDER'", "evaluate", "--data", "mnist");
    assertFails(
        2, "Missing required options: '--data=DATA', '--layers=LIST', '--model=FOLDER'", "train");
  }

  @Test
  void aMisspeltWordGetsTheNearestOne() {
    assertTrainFails(2, "Unknown argument: --epoch (did you mean --epochs?)", "--epoch", "3");
    assertFails(2, "Unknown argument: trian (did you mean train?)", "trian", "--epochs", "3");
  }

  @Test
  void aBenchmarkThatCannotBeIsRefused() {
    assertFails(2, "Invalid seconds: NaN (must be > 0 and <= 600)", "bench", "--seconds", "NaN");
    assertFails(2, "Invalid seconds: 0.0 (must be > 0 and <= 600)", "bench", "--seconds", "0");
    assertFails(2, "Invalid number of features: 0 (must be > 0)", "bench", "--features", "0");
    assertFails(
        2,
        "Invalid number of features: 1e3 (must be a whole number)",
        "bench",
        "--features",
        "1e3");
    assertFails(2, "Invalid seconds: long (must be a number)", "bench", "--seconds", "long");
    assertFails(2, "Invalid batch size: 0 (must be > 0)", "bench", "--batch-size", "0");
    assertFails(
        2,
        "Invalid optimizer: lbfgs (bench measures batches; give another)",
        "bench",
        "--optimizer",
        "lbfgs");
    assertFails(
        2,
        "Invalid reduction: here (must be one of auto, driver, executors)",
        "bench",
        "--reduction",
        "here");
  }

  @Test
  void noCommandIsWrongUsage() {
    assertFails(2, "Missing command: train, evaluate or bench (submit.sh --help tells more)");
  }

  @Test
  void aMisspeltNameInAConfigurationIsNamed() throws IOException {
    Path file = Files.writeString(scratch.resolve("my.conf"), "epoch = 3\n");

    assertTrainFails(
        2,
        "Unknown option in %s: epoch (did you mean epochs?)".formatted(file),
        "--config",
        file.toString());
    assertTrainFails(
        2,
        "Cannot read absent.conf: no such file (must be a file of options)",
        "--config",
        "absent.conf");
  }

  @Test
  void aMissingFolderIsNamed() {
    assertTrainFails(
        1,
        "Cannot read /no/such/folder: no such file or folder (must be mnist, spiral, friedman,"
            + " imbalance, a table or a folder of IDX files)",
        "--data",
        "/no/such/folder");
    assertTrainFails(
        1,
        "Cannot read spirl: no such file or folder (must be mnist, spiral, friedman, imbalance, a"
            + " table or a folder of IDX files) (did you mean spiral?)",
        "--data",
        "spirl");
    assertFails(
        1,
        "Cannot read model /no/model: no such folder (give --model, or train one first)",
        "evaluate",
        "--model",
        "/no/model",
        "--data",
        "spiral");
  }

  @Test
  void aMissingPartIsNamed() {
    assertTrainFails(
        1, "Cannot find part dev of spiral(5) (it has train and test)", "--part", "dev");
    assertTrainFails(
        1, "Cannot use spiral(5) train[100:]: it has no rows", "--part", "train[100:]");
    assertTrainFails(
        1,
        "Cannot find part dev of spiral(5) (must be a part that --data has, or none)",
        "--test-part",
        "dev");
  }

  @Test
  void badDataLeavesAnExistingModelAsItWas() throws IOException {
    Path folder = IdxFiles.folder(scratch.resolve("idx"), 50, 20, 10);
    assertEquals(0, CommandRun.of(train().toArray(String[]::new)).status());
    Path weights = scratch.resolve("model").resolve("weights.safetensors");
    byte[] before = Files.readAllBytes(weights);
    Path images = folder.resolve("train-images-idx3-ubyte");
    byte[] whole = Files.readAllBytes(images);

    Files.write(images, Arrays.copyOf(whole, 100));
    assertTrainFails(
        1,
        "Cannot read file:%s: it has 100 bytes, but 50 rows of 4 bytes need 216; fetch it again"
            .formatted(images),
        "--overwrite",
        "--data",
        folder.toString());
    Files.write(images, whole);
    IdxFiles.write(folder.resolve("train-labels-idx1-ubyte"), IdxFiles.header(8, 51), new byte[51]);
    assertTrainFails(
        1,
        "Cannot read file:%s: it has 50 rows, but file:%s has 51 labels"
            .formatted(images, folder.resolve("train-labels-idx1-ubyte")),
        "--overwrite",
        "--data",
        folder.toString());
    IdxFiles.part(folder, "train", 50, 10, "");
    IdxFiles.part(folder, "t10k", 20, 3, "");
    assertTrainFails(
        1,
        "Cannot use %s train: row 1 has label 7 (expected 0 to 2 for the last layer's width)"
            .formatted(folder),
        "--overwrite",
        "--data",
        folder.toString());
    IdxFiles.part(folder, "train", 50, 3, "");
    IdxFiles.part(folder, "t10k", 20, 10, "");
    assertTrainFails(
        1,
        "Cannot use %s test: row 1 has label 7 (expected 0 to 2 for the last layer's width)"
            .formatted(folder),
        "--overwrite",
        "--data",
        folder.toString());
    assertTrainFails(
        1,
        "Cannot write %s: it exists (give another --model, or --overwrite to replace it)"
            .formatted(scratch.resolve("model")));

    assertEquals(Arrays.hashCode(before), Arrays.hashCode(Files.readAllBytes(weights)));
    assertEquals(1, scratch.toFile().list((d, n) -> n.contains("model")).length);
  }

  @Test
  void rowsThatTheModelWasNotTrainedOnAreRefused() throws IOException {
    Path folder = IdxFiles.folder(scratch.resolve("idx"), 50, 20, 3);
    assertEquals(0, CommandRun.of(train().toArray(String[]::new)).status());

    assertFails(
        1,
        "Cannot use %s test: its features are of type byte (the model takes float)"
            .formatted(folder),
        "evaluate",
        "--model",
        scratch.resolve("model").toString(),
        "--data",
        folder.toString());
  }

  @Test
  void aTableThatCannotBeUsedIsRefused() throws IOException {
    Path data = scratch.resolve("flowers.csv");
    Files.writeString(data, "length,width,species\n1,2,0\n3,,1\n");
    assertTrainFails(
        1,
        "Cannot use %s train: no column label (it has length, width, species; name one with --label)"
            .formatted(data),
        "--data",
        data.toString());
    assertTrainFails(
        1,
        "Cannot use %s train: row 1 has null as feature 1 (expected a finite number): column width in line 3 of file:%s"
            .formatted(data, data),
        "--label=species",
        "--data",
        data.toString());
    assertTrainFails(
        1,
        "Cannot use %s train: row 0 has label 2 (expected 0 to 1 for the last layer's width): line 2 of file:%s; labels run from 2 to 2, and classes from 0"
            .formatted(data, data),
        "--label=width",
        "--layers=2 softmax",
        "--data",
        data.toString());
    assertTrainFails(
        1,
        "Cannot use %s train[2:]: it has no rows".formatted(data),
        "--label=species",
        "--part=train[2:]",
        "--data",
        data.toString());
  }

  @Test
  void columnsThatTheModelWasTrainedOnMustBeThere() throws IOException {
    Path data = Files.writeString(scratch.resolve("train.csv"), "length,width,label\n1,2,0\n");
    Path other = Files.writeString(scratch.resolve("other.csv"), "length,label\n1,0\n");
    Path idx = IdxFiles.folder(scratch.resolve("idx"), 20, 20, 3);
    assertEquals(
        0, CommandRun.of(train("--data", data.toString()).toArray(String[]::new)).status());

    String model = scratch.resolve("model").toString();
    assertFails(
        1,
        "Cannot use %s train: no column width (it has length, label)".formatted(other),
        "evaluate",
        "--model",
        model,
        "--data",
        other.toString());
    assertFails(
        1,
        "Invalid label: length (must be a column that is nothing else)",
        "evaluate",
        "--label=length",
        "--model",
        model,
        "--data",
        other.toString());
    assertFails(
        1,
        "Invalid option: --label with --data %s (it is for tables)".formatted(idx),
        "evaluate",
        "--label=y",
        "--model",
        model,
        "--data",
        idx.toString());
  }

  @Test
  void rowsThatAreTrainedOnDoNotValidate() {
    assertTrainFails(
        1,
        "Invalid validation: train[5:9], of which rows are trained on (--part is train; cut it so"
            + " that the two have no row in common)",
        "--validation",
        "train[5:9]");
  }

  @Test
  void aPathThatIsNoneIsWrongUsage() {
    assertTrainFails(2, "Invalid --model: \"\" (must be a path)", "--model", "");
    assertTrainFails(2, "Invalid --model: \"hdfs:b\" (must be a path)", "--model", "hdfs:b");
  }

  @Test
  void divergenceSaysWhatToTry() {
    CommandRun run =
        CommandRun.of(
            train(
                    "--optimizer",
                    "sgd",
                    "--learning-rate",
                    "1e30",
                    "--layers",
                    "9 relu, 3",
                    "--task",
                    "classification",
                    "--epochs",
                    "9")
                .toArray(String[]::new));

    assertEquals(1, run.status());
    assertEquals(
        "error: Training diverged in round N: X; lower --learning-rate (now 1.0E30) or give"
            + " --clip-norm\n",
        run.err().replaceAll("round \\d+: .*; lower", "round N: X; lower"));
  }

  @Test
  void aConfigFileMayBeginWithAByteOrderMark() throws IOException {
    Path file = Files.writeString(scratch.resolve("a.conf"), "\ufeffepochs = 0\r\nseed = 1\r\n");

    CommandRun run =
        CommandRun.of(
            "train",
            "--config",
            file.toString(),
            "--data",
            "spiral(5)",
            "--layers",
            "3 softmax",
            "--model",
            scratch.resolve("m").toString());

    assertEquals("error: Invalid epochs: 0 (must be > 0)", run.err().strip());
  }
}
