package org.sparkprop.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkprop.Refusal;
import org.sparkprop.data.source.column.TableOptions;

/** What others must not see, and what they may. */
class SecretsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "password",
        "PASSWORD",
        "sslpassword",
        "db.passwd",
        "pwd",
        "fs.s3a.secret.key",
        "fs.s3a.access.key",
        "access-key",
        "accountKey",
        "apikey",
        "sasToken",
        "fs.azure.sas.fixed.token.c",
        "credentials",
        "credentialsFile",
        "keyPassphrase",
        "Authorization",
        "sig",
        "key"
      })
  void namesOfSecrets(String name) {
    assertTrue(Secrets.isSecret(name));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sep",
        "header",
        "multiLine",
        "url",
        "user",
        "dbtable",
        "keytab",
        "compass",
        "signed",
        "author",
        "partitionColumn",
        "maxColumns",
        "escape",
        "encoding"
      })
  void namesOfOthers(String name) {
    assertFalse(Secrets.isSecret(name));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "jdbc:postgresql://u:p@h/db?user=u&password=x&ssl=true | jdbc:postgresql://***@h/db?user=u&password=***&ssl=true",
        "jdbc:sqlserver://h:1433;databaseName=d;user=u;password=p;encrypt=true | jdbc:sqlserver://h:1433;databaseName=d;user=u;password=***;encrypt=true",
        "jdbc:oracle:thin:scott/tiger@h:1521:orcl | jdbc:oracle:thin:***@h:1521:orcl",
        "Cannot read https://user:pw@host/rows.csv: it is empty | Cannot read https://***@host/rows.csv: it is empty",
        "https://user:p/w@host:8080/a | https://***@host:8080/a",
        "https://ghp_12@host/a | https://***@host/a",
        "s3a://AKIA:abc/+d@bucket/a.csv | s3a://***@bucket/a.csv",
        "https://h/rows?sv=2020&sig=ab%2Fcd%3D&se=2 | https://h/rows?sv=2020&sig=***&se=2",
        "Invalid option: --read-option password=hunter2 | Invalid option: --read-option password=***",
        "Map(url -> jdbc:x, password -> hunter2) | Map(url -> jdbc:x, password -> ***)",
        "hdfs://nn:8020/data/a@b.csv | hdfs://nn:8020/data/a@b.csv",
        "abfss://rows@account.dfs.core.windows.net/a | abfss://rows@account.dfs.core.windows.net/a",
        "s3a://bucket/key=5/part-0.parquet | s3a://bucket/key=5/part-0.parquet",
        "evaluate --model m --data 'a b' | evaluate --model m --data 'a b'",
        "me@example.org sees 3 = 3 | me@example.org sees 3 = 3",
      })
  void textsAreMasked(String text, String masked) {
    assertEquals(masked, Secrets.masked(text));
    assertEquals(masked, Secrets.masked(masked), "it stays as it is");
  }

  @Test
  void messagesOfRefusalsAreMasked() {
    assertEquals(
        "Cannot read https://***@h/x",
        new InvalidInputException("Cannot read https://a:b@h/x").getMessage());
  }

  /** As a driver of a database may do. */
  @Test
  void whatWasGivenIsMaskedWhereverItIsRepeated() {
    TableOptions unused =
        new TableOptions(null, Map.of("password", "xyzzy-42"), List.of(), List.of(), null, null);

    assertEquals("FATAL: no *** for you", Secrets.masked("FATAL: no xyzzy-42 for you"));
    assertTrue(unused.readOptions().containsValue("xyzzy-42"), "the source gets it");
  }

  @Test
  void aMaskIsNeverSentToASource() {
    Map<String, String> recorded =
        Secrets.masked(
            Map.of("read-option.url", "jdbc:x://u:p@h/d", "read-option.Password", "hunter2"));
    assertEquals("jdbc:x://***@h/d", recorded.get("read-option.url"));
    assertEquals("***", recorded.get("read-option.Password"));
    TableOptions ofModel = TableOptions.ofWords(recorded);
    TableOptions given =
        new TableOptions(null, Map.of("url", "jdbc:x://u:p@h/d"), List.of(), List.of(), null, null);

    assertEquals(
        "Cannot read without the read option Password: it is a secret, which no model keeps (give it again, with --read-option)",
        Refusal.of(() -> Secrets.refuseMasked(given.or(ofModel).readOptions())));
    TableOptions again =
        new TableOptions(
            null,
            Map.of("url", "jdbc:x://u:p@h/d", "password", "hunter2"),
            List.of(),
            List.of(),
            null,
            null);
    Secrets.refuseMasked(again.or(ofModel).readOptions());
    assertEquals(2, again.or(ofModel).readOptions().size());
  }
}
