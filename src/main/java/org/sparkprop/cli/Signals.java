package org.sparkprop.cli;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What a signal does. The JVM's own answer is to exit, but it lets go of a second signal while its
 * hooks run; ours is the same, and a second one ends the JVM at once. Through reflection, since the
 * compiler warns of these classes, which any JDK has, in a way that cannot be turned off.
 */
final class Signals {
  private static final int FIRST_STATUS = 128;

  private static final AtomicBoolean RECEIVED = new AtomicBoolean();

  private Signals() {}

  /**
   * Exits on a signal, with 128 and its number, and says so; not where it is ignored, as one that
   * {@code nohup} keeps away is, nor where the JVM has been told to leave signals alone.
   *
   * @param line what is printed
   */
  static void exitOn(String name, String line) {
    try {
      Class<?> signals = Class.forName("sun.misc.Signal");
      Class<?> handlers = Class.forName("sun.misc.SignalHandler");
      Object signal = signals.getConstructor(String.class).newInstance(name);
      int status = FIRST_STATUS + (int) signals.getMethod("getNumber").invoke(signal);
      Object ours =
          Proxy.newProxyInstance(
              handlers.getClassLoader(),
              new Class<?>[] {handlers},
              (proxy, method, arguments) -> answer(method, status, line));
      Method handle = signals.getMethod("handle", signals, handlers);
      Object before = handle.invoke(null, signal, ours);
      if (before == handlers.getField("SIG_IGN").get(null)) {
        handle.invoke(null, signal, before);
      }
    } catch (ReflectiveOperationException unavailable) {
      // Then the JVM exits on its own, and a second signal has to be a SIGKILL.
    }
  }

  private static Object answer(Method method, int status, String line) {
    switch (method.getName()) {
      case "handle" -> exit(status, line);
      case "hashCode" -> {
        return status;
      }
      case "toString" -> {
        return line;
      }
      default -> {
        return false; // equals
      }
    }
    return true;
  }

  private static void exit(int status, String line) {
    if (!RECEIVED.compareAndSet(false, true)) {
      Runtime.getRuntime().halt(status);
    }
    Failure.beQuiet(); // before the hooks begin, something may fail already
    System.out.flush();
    System.err.println(line);
    System.exit(status);
  }
}
