package org.sparkprop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The README and the pages of the guide, as their readers' browsers see them. */
final class Guide {
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("#{1,6} (.+)");

  /** The README of a checkout and each page of its guide. */
  static List<Path> pages(Path checkout) throws IOException {
    List<Path> pages = new ArrayList<>(List.of(checkout.resolve("README.md")));
    try (Stream<Path> files = Files.list(checkout.resolve("src/site/markdown"))) {
      files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
    }
    return pages;
  }

  /** The lines of a page that are no code. */
  static List<String> prose(Path page) throws IOException {
    List<String> prose = new ArrayList<>();
    boolean fenced = false;
    boolean indented = false;
    String before = "";
    for (String line : Files.readAllLines(page)) {
      boolean fence = line.startsWith("```");
      // Code by indentation begins after an empty line; a list goes on without one.
      indented = line.startsWith("    ") && (indented || before.isBlank());
      if (!fence && !fenced && !indented) {
        prose.add(line);
      }
      fenced ^= fence;
      before = line;
    }
    return prose;
  }

  static List<String> links(Path page) throws IOException {
    List<String> links = new ArrayList<>();
    for (String line : prose(page)) {
      Matcher link = LINK.matcher(line.replaceAll("`[^`]*`", ""));
      while (link.find()) {
        links.add(link.group(1));
      }
    }
    return links;
  }

  /** The links of a page to files that are not there, and to headings that they do not have. */
  static List<String> deadLinks(Path page) throws IOException {
    List<String> dead = new ArrayList<>();
    for (String link : links(page)) {
      if (!link.matches("[a-z]+:.*") && !leadsSomewhere(page, link)) {
        dead.add(page + ": " + link);
      }
    }
    return dead;
  }

  private static boolean leadsSomewhere(Path page, String link) throws IOException {
    int hash = link.indexOf('#');
    String name = hash < 0 ? link : link.substring(0, hash);
    Path target = name.isEmpty() ? page : page.resolveSibling(name);
    return Files.exists(target) && (hash < 0 || anchors(target).contains(link.substring(hash + 1)));
  }

  /** What GitHub makes of the headings: small letters, digits and hyphens, a hyphen for a blank. */
  private static Set<String> anchors(Path page) throws IOException {
    Set<String> anchors = new HashSet<>();
    for (String line : prose(page)) {
      Matcher heading = HEADING.matcher(line);
      if (heading.matches()) {
        String text = heading.group(1).strip().toLowerCase(Locale.ROOT);
        String anchor = text.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-');
        String free = anchor;
        for (int again = 1; !anchors.add(free); again++) {
          free = anchor + "-" + again;
        }
      }
    }
    return anchors;
  }

  private Guide() {}
}
