package org.sparkprop.nn.blas;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * netlib's classes once more, for us alone. Netlib chooses its BLAS when it is first used, and
 * once: MLlib, which may be first, would otherwise choose for us, and a Spark distribution's older
 * netlib would be ours.
 */
final class NetlibLoader extends URLClassLoader {
  private static final String NETLIB = "dev.ludovic.netlib.";
  private static final String CLASS_OF_NETLIB = "dev/ludovic/netlib/blas/BLAS.class";
  private static final String NATIVE = "resources/native/";

  static {
    registerAsParallelCapable();
  }

  /** Our own class that calls netlib, and has to be beside it. */
  private final String caller;

  private NetlibLoader(URL[] places, String caller, ClassLoader parent) {
    super("netlib of sparkprop", places, parent);
    this.caller = caller;
  }

  /**
   * A netlib that nobody else has.
   *
   * @param properties netlib reads them when it is first used
   * @param java whether it has to be one in Java; else it has to be native
   * @throws IOException with the reason if there is none
   */
  static Sgemm open(Map<String, String> properties, boolean java) throws IOException {
    NetlibLoader loader = of(Netlib.class);
    Map<String, @Nullable String> before = new HashMap<>();
    properties.forEach((name, value) -> before.put(name, System.setProperty(name, value)));
    try {
      if (!java) { // it would fall back without a word
        Class.forName("dev.ludovic.netlib.blas.JNIBLAS", true, loader);
      }
      Constructor<? extends Sgemm> beside =
          Class.forName(Netlib.class.getName(), true, loader)
              .asSubclass(Sgemm.class)
              .getDeclaredConstructor(boolean.class);
      beside.setAccessible(true); // another class loader is another package
      return beside.newInstance(java);
    } catch (ReflectiveOperationException | LinkageError failed) {
      loader.close();
      Throwable cause = failed.getCause() == null ? failed : failed.getCause();
      String message = "netlib cannot be loaded: " + cause;
      throw java ? new IOException(message, cause) : NativeFolder.unusable(message, cause);
    } finally {
      before.forEach(NetlibLoader::restore);
    }
  }

  private static void restore(String property, @Nullable String value) {
    if (value == null) {
      System.clearProperty(property);
    } else {
      System.setProperty(property, value);
    }
  }

  /**
   * Opens netlib: that of our jar, else the first on the class path.
   *
   * @throws IOException if there is none
   */
  private static NetlibLoader of(Class<?> caller) throws IOException {
    ClassLoader parent = caller.getClassLoader();
    String fileOfCaller = caller.getName().replace('.', '/') + ".class";
    URL ours = parent.getResource(fileOfCaller);
    List<URL> netlibs = Collections.list(parent.getResources(CLASS_OF_NETLIB));
    if (ours == null || netlibs.isEmpty()) {
      throw new IOException("netlib is not on the class path");
    }
    List<String> places = new ArrayList<>();
    String home = place(ours, fileOfCaller);
    places.add(home);
    netlibs.stream().map(netlib -> place(netlib, CLASS_OF_NETLIB)).forEach(places::add);
    List<URL> urls = new ArrayList<>();
    try {
      for (String place : places) {
        urls.add(new URI(place).toURL());
      }
    } catch (URISyntaxException odd) {
      throw new IOException("netlib cannot be read from " + places, odd);
    }
    return new NetlibLoader(urls.toArray(URL[]::new), caller.getName(), parent);
  }

  /** Where a file comes from: a folder, or a jar. */
  private static String place(URL file, String name) {
    String whole = file.toString();
    String place = whole.substring(0, whole.length() - name.length());
    return place.startsWith("jar:file:") && place.endsWith("!/")
        ? place.substring("jar:".length(), place.length() - "!/".length())
        : place;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(NETLIB) && !name.equals(caller)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? findClass(name) : loaded;
    }
  }

  /** Netlib unpacks its native part out of its own jar. */
  @Override
  public @Nullable URL getResource(String name) {
    return name.startsWith(NATIVE) ? findResource(name) : super.getResource(name);
  }
}
