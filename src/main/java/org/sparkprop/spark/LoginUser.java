package org.sparkprop.spark;

import java.io.IOException;
import java.util.stream.Stream;
import org.apache.hadoop.security.UserGroupInformation;
import org.jspecify.annotations.Nullable;

/**
 * The user whom Hadoop takes this process for. It asks the system, which may have no name for a
 * uid, as in a container that runs as any; then Hadoop would refuse whatever is asked of it.
 */
public final class LoginUser {
  private LoginUser() {}

  /**
   * Logs in; where the system has no name for this user, under one of our own.
   *
   * @return that name; null if the system has one
   */
  public static @Nullable String ensure() {
    try {
      UserGroupInformation.getCurrentUser();
      return null;
    } catch (IOException nameless) {
      // Hadoop has no other way: $HADOOP_USER_NAME counts only once the system has told a name.
      String name = name();
      UserGroupInformation.setLoginUser(UserGroupInformation.createRemoteUser(name));
      return name;
    }
  }

  private static String name() {
    return Stream.of("HADOOP_USER_NAME", "SPARK_USER")
        .map(System::getenv)
        .filter(name -> name != null && !name.isBlank())
        .findFirst()
        .orElse(System.getProperty("user.name"));
  }
}
