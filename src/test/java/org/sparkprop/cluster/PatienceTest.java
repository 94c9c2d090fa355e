package org.sparkprop.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sparkprop.cluster.Patience.Decision;

class PatienceTest {
  private static final double FOR_EVER = Double.POSITIVE_INFINITY;

  /** The seconds at which something was decided, looking once a second from 1 on. */
  private static List<String> decisions(Patience patience, int seconds, boolean certain) {
    List<String> decisions = new ArrayList<>();
    for (int second = 1; second <= seconds; second++) {
      Decision decision = patience.look(false, certain, second);
      if (decision != Decision.NOTHING) {
        decisions.add(second + " " + decision);
      }
    }
    return decisions;
  }

  @Test
  void itSpeaksAfterFiveSecondsThenInGrowingStepsAndGivesUp() {
    assertEquals(
        List.of("5 SPEAK", "15 SPEAK", "45 SPEAK", "135 SPEAK", "300 GIVE_UP"),
        decisions(new Patience(300, 5, 0), 300, false));
  }

  @Test
  void whatIsCertainIsSaidAtOnce() {
    assertEquals(List.of("2 SPEAK", "15 SPEAK"), decisions(new Patience(300, 5, 0), 20, true));
  }

  @Test
  void withoutAnEndItNeverGivesUp() {
    assertEquals(
        List.of("5 SPEAK", "15 SPEAK", "45 SPEAK", "135 SPEAK", "405 SPEAK", "1215 SPEAK"),
        decisions(new Patience(FOR_EVER, 5, 0), 3000, false));
  }

  @Test
  void shortPatienceGivesUpBeforeItSpeaks() {
    assertEquals(List.of("3 GIVE_UP"), decisions(new Patience(3, 5, 0), 3, false));
  }

  @Test
  void whateverMovesBeginsTheWaitingAnew() {
    Patience patience = new Patience(10, 5, 0);
    for (int second = 1; second <= 100; second++) {
      Decision decision = patience.look(second % 5 == 0, false, second);
      assertEquals(Decision.NOTHING, decision, "second " + second);
    }
    assertEquals(0, patience.waited());
    assertEquals(Decision.NOTHING, patience.look(false, false, 101));
    assertEquals(1, patience.waited());
  }

  /** Else a laptop that slept for an hour would wake up to a run that was given up. */
  @Test
  void timeInWhichNobodyLookedHardlyCounts() {
    Patience patience = new Patience(300, 5, 0);
    assertEquals(Decision.NOTHING, patience.look(false, false, 3600));
    assertEquals(3, patience.waited());
  }
}
