package org.sparkprop.model;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;
import org.sparkprop.data.InvalidInputException;
import org.sparkprop.nn.Network;

/** A model on disk: {@code model.json}, {@code weights.safetensors} and {@code history.jsonl}. */
public final class ModelFolder {
  private static final String DESCRIPTION = "model.json";
  private static final String WEIGHTS = "weights.safetensors";
  private static final String HISTORY = "history.jsonl";

  /** Where a report of the model lies, if there is one. */
  public static final String REPORT = "report.json";

  /** What we write; a folder with anything else in it is not ours to replace. */
  private static final Set<String> OURS = Set.of(DESCRIPTION, WEIGHTS, HISTORY, REPORT);

  /** How all our JSON looks: {@code snake_case} names, indented. */
  public static final ObjectMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private final Path folder;
  private final Configuration hadoop;

  public ModelFolder(String folder, Configuration hadoop) {
    this.folder = new Path(folder);
    this.hadoop = hadoop;
  }

  /** A model together with the description that lies beside its weights. */
  public record Saved(Model model, ModelDescription description) {}

  /**
   * Makes sure, before the work, that a model can be written here.
   *
   * @param overwrite whether a model that is here may be replaced
   * @throws InvalidInputException if not, with what is in the way
   */
  public void checkWritable(boolean overwrite) {
    try {
      refuseExisting(Storage.of(folder, hadoop), overwrite);
      Path parent = folder.getParent();
      boolean here = parent == null || parent.toString().isEmpty();
      Storage.checkWritable(here ? new Path(".") : parent, hadoop);
    } catch (IOException unreachable) {
      throw Storage.cannotWrite(folder, unreachable);
    }
  }

  /**
   * Writes a model and its history, whole or not at all.
   *
   * @param report the content of {@link #REPORT}; null for none
   * @param overwrite whether a model that is here may be replaced
   * @throws InvalidInputException if that fails; what was here is still here
   */
  public void write(
      Model model,
      ModelDescription description,
      List<EpochRecord> history,
      Storage.@Nullable Content report,
      boolean overwrite) {
    Path draft = Storage.sibling(folder, "draft");
    try {
      FileSystem fs = Storage.of(folder, hadoop);
      try {
        Storage.create(fs, new Path(draft, DESCRIPTION), out -> JSON.writeValue(out, description));
        Storage.create(
            fs,
            new Path(draft, WEIGHTS),
            out -> SafeTensors.write(out, model.network().topology(), model.parameters()));
        Storage.create(fs, new Path(draft, HISTORY), out -> out.write(HistoryFile.lines(history)));
        if (report != null) {
          Storage.create(fs, new Path(draft, REPORT), report);
        }
        refuseExisting(fs, overwrite); // once more: training takes long
        Storage.replace(fs, draft, folder);
      } finally {
        fs.delete(draft, true);
      }
    } catch (IOException failed) {
      throw Storage.cannotWrite(folder, failed);
    }
  }

  /**
   * Adds the report to a model that is here, whole or not at all.
   *
   * @throws InvalidInputException if that fails; the model is as it was
   */
  public void addReport(Storage.Content report) {
    Storage.writeFile(new Path(folder, REPORT), hadoop, report);
  }

  /**
   * Reads a model back.
   *
   * @throws InvalidInputException if the folder is not there or not whole, naming the file
   */
  public Saved read() {
    try {
      FileSystem fs = Storage.of(folder, hadoop);
      if (!fs.exists(folder)) {
        throw new InvalidInputException(
            "Cannot read model %s: no such folder (give --model, or train one first)"
                .formatted(folder));
      }
      ModelDescription description = readDescription(fs);
      Network network = description.network();
      return new Saved(
          new Model(
              network,
              description.toPreprocessing(),
              description.labels(),
              readWeights(fs, network)),
          description);
    } catch (IllegalArgumentException senseless) {
      throw new InvalidInputException(
          "Cannot read model %s: %s: %s".formatted(folder, DESCRIPTION, senseless.getMessage()),
          senseless);
    } catch (IOException unreachable) {
      throw new InvalidInputException(
          "Cannot read model %s: %s".formatted(folder, unreachable.getMessage()), unreachable);
    }
  }

  /**
   * Reads the epochs of the run that made the model.
   *
   * @throws InvalidInputException if the file is not there or not whole
   */
  public List<EpochRecord> readHistory() {
    try (InputStream in = Storage.of(folder, hadoop).open(new Path(folder, HISTORY))) {
      return HistoryFile.read(in);
    } catch (FileNotFoundException missing) {
      throw new InvalidInputException(
          "Cannot read model %s: it has no %s".formatted(folder, HISTORY), missing);
    } catch (IOException damaged) {
      throw new InvalidInputException(
          "Cannot read model %s: %s: %s".formatted(folder, HISTORY, damaged.getMessage()), damaged);
    }
  }

  private ModelDescription readDescription(FileSystem fs) throws IOException {
    try (InputStream in = fs.open(new Path(folder, DESCRIPTION))) {
      ModelDescription description = JSON.readValue(in, ModelDescription.class);
      if (description.format() != ModelDescription.FORMAT) {
        throw new IllegalArgumentException(
            "its format is %d (this version reads %d)"
                .formatted(description.format(), ModelDescription.FORMAT));
      }
      return description;
    } catch (FileNotFoundException missing) {
      throw new InvalidInputException(
          "Cannot read model %s: it has no %s".formatted(folder, DESCRIPTION), missing);
    } catch (JsonMappingException wrong) {
      throw new IllegalArgumentException(
          "%s is missing or not what it should be"
              .formatted(
                  wrong.getPath().isEmpty() ? "something" : wrong.getPath().get(0).getFieldName()),
          wrong);
    } catch (JsonProcessingException damaged) {
      JsonLocation place = damaged.getLocation();
      throw new IllegalArgumentException(
          "it is damaged near line %d".formatted(place == null ? 1 : place.getLineNr()), damaged);
    }
  }

  private float[] readWeights(FileSystem fs, Network network) {
    try (InputStream in = new BufferedInputStream(fs.open(new Path(folder, WEIGHTS)))) {
      return SafeTensors.read(in, network.topology());
    } catch (FileNotFoundException missing) {
      throw new InvalidInputException(
          "Cannot read model %s: it has no %s".formatted(folder, WEIGHTS), missing);
    } catch (IOException damaged) {
      throw new InvalidInputException(
          "Cannot read model %s: %s: %s".formatted(folder, WEIGHTS, damaged.getMessage()), damaged);
    }
  }

  /** Refuses to replace a model without leave, and anything else in any case. */
  private void refuseExisting(FileSystem fs, boolean overwrite) throws IOException {
    if (!fs.exists(folder)) {
      return;
    }
    if (!isReplaceable(fs)) {
      throw new InvalidInputException(
          "Cannot write %s: it exists and is not a model folder (give another --model)"
              .formatted(folder));
    }
    if (!overwrite) {
      throw new InvalidInputException(
          "Cannot write %s: it exists (give another --model, or --overwrite to replace it)"
              .formatted(folder));
    }
  }

  private boolean isReplaceable(FileSystem fs) throws IOException {
    if (!fs.getFileStatus(folder).isDirectory()) {
      return false;
    }
    FileStatus[] files = fs.listStatus(folder);
    for (FileStatus file : files) {
      if (file.isDirectory() || !OURS.contains(file.getPath().getName())) {
        return false;
      }
    }
    return files.length == 0 || fs.exists(new Path(folder, DESCRIPTION));
  }
}
