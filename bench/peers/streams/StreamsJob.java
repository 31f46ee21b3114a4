import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.KStream;

/**
 * The job as a Java team would write it: Kafka Streams, exactly_once_v2, Jackson, a reused Mac for each thread.
 * Replaces seven fields by HMAC-SHA-256 truncated to 128 bits; the token of user.id is the new key.
 * Arguments: BOOTSTRAP SOURCE SINK GROUP. Runs until it gets SIGTERM.
 */
public final class StreamsJob {
  private static final String[][] SENSITIVE = {
    {"user", "id"}, {"user", "mobile"}, {"user", "name"}, {"user", "id_card"},
    {"user", "email"}, {"user", "birthday"}, {"address", "street"},
  };

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final ThreadLocal<Mac> MAC = ThreadLocal.withInitial(() -> {
    try {
      byte[] key = new byte[32];
      Arrays.fill(key, (byte) 7);
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac;
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  });

  private static String token(String value) {
    byte[] tag = MAC.get().doFinal(value.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(tag, 0, 16);
  }

  private static KeyValue<byte[], byte[]> transform(byte[] value) {
    try {
      JsonNode event = JSON.readTree(value);
      for (String[] path : SENSITIVE) {
        ObjectNode holder = (ObjectNode) event.get(path[0]);
        holder.put(path[1], token(holder.get(path[1]).textValue()));
      }
      byte[] key = event.get("user").get("id").textValue().getBytes(StandardCharsets.UTF_8);
      return KeyValue.pair(key, JSON.writeValueAsBytes(event));
    } catch (java.io.IOException e) {
      throw new IllegalStateException(e);
    }
  }

  public static void main(String[] arguments) throws Exception {
    Properties settings = new Properties();
    settings.put("bootstrap.servers", arguments[0]);
    settings.put("application.id", arguments[3]);
    settings.put("processing.guarantee", "exactly_once_v2");
    settings.put("num.stream.threads", "2");
    settings.put("commit.interval.ms", "100");
    settings.put("auto.offset.reset", "earliest");
    settings.put("default.key.serde", Serdes.ByteArraySerde.class);
    settings.put("default.value.serde", Serdes.ByteArraySerde.class);
    settings.put("producer.linger.ms", "20");
    settings.put("producer.batch.size", "262144");
    settings.put("consumer.max.poll.records", "4000");
    settings.put("replication.factor", "1");
    settings.put("state.dir", Files.createTempDirectory("streams").toString());

    StreamsBuilder builder = new StreamsBuilder();
    KStream<byte[], byte[]> source = builder.stream(arguments[1]);
    source.map((key, value) -> transform(value)).to(arguments[2]);
    KafkaStreams streams = new KafkaStreams(builder.build(), settings);
    CountDownLatch closed = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      streams.close();
      closed.countDown();
    }));
    streams.start();
    closed.await();
  }
}
