package org.sparkprop.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Spark gives as reasons, and the sentence of each. */
class ExecutorEndTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Command exited with code 137 | it was killed (by its host, if that ran out of memory)",
        "Command exited with code 52 | it ran out of memory (give --executor-memory)",
        "Command exited with code 143 | it was terminated",
        "Command exited with code 1 | its process ended with status 1",
        "Container from a bad node: c_1 on host: h. Exit status: 137. Diagnostics: [x | it was killed (by its host, if that ran out of memory)",
        "worker lost: Not receiving heartbeat for 60 seconds | worker lost: Not receiving heartbeat for 60 seconds",
        "Executor heartbeat timed out after 125000 ms | executor heartbeat timed out after 125000 ms",
        "Remote RPC client disassociated. Likely due to containers exceeding thresholds, or network issues. Check driver logs for WARN messages. | its process ended, or the network to it did",
        "Executor killed by driver. | it was given back or taken away by the cluster",
        "'' | Spark does not say why"
      })
  void eachReasonIsAClause(String reason, String clause) {
    assertEquals(
        "executor 3 is lost: %s; what it kept is computed again where it is needed"
            .formatted(clause),
        ExecutorEnd.line("3", reason));
  }
}
