package org.sparkprop.train;

import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.sparkprop.base.InvalidInputException;
import org.sparkprop.model.ModelFolder;
import org.sparkprop.spark.Storage;

/**
 * A folder for the last good model of a run that has diverged: {@code NAME.diverged}, beside what
 * the run was to write. A good model, or a folder of checkpoints, is not replaced by it.
 */
public final class DivergedModel {
  private final String place;
  private final ModelFolder folder;

  /**
   * @param name what the run was to write
   */
  public DivergedModel(String name, Configuration hadoop) {
    Path path = Storage.path(name);
    this.place = Storage.beside(path, path.getName() + ".diverged").toString();
    this.folder = new ModelFolder(place, hadoop);
  }

  /**
   * Writes the model; that of another run that has diverged may be replaced.
   *
   * @param words every option of the run, by its name on the command line
   * @throws InvalidInputException if it cannot be written, or something else is there
   */
  public void write(Training.Result lastGood, Map<String, String> words) {
    folder.write(lastGood.model(), lastGood.description(words), lastGood.history(), isIn(folder));
  }

  /** Whether the model of a run that has diverged is in a folder. */
  public static boolean isIn(ModelFolder folder) {
    try {
      return isOne(folder.read());
    } catch (InvalidInputException noModel) {
      return false;
    }
  }

  /** Whether it is that of a run that has diverged. */
  public static boolean isOne(ModelFolder.Saved model) {
    return Training.DIVERGED.equals(model.description().ending());
  }

  /** Where the folder is. */
  @Override
  public String toString() {
    return place;
  }
}
