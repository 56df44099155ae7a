import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.state.WindowStore;

/**
 * Counts finished contacts by queue and minute: KafkaStreamsWindows ADDRESS TOPIC RECORDS GROUP RESULTS. Says "first"
 * and "last" when it counts those records, and ends in good order when asked to.
 */
public final class KafkaStreamsWindows {
  private static final Duration SIZE = Duration.ofMinutes(1);
  // A contact is reported when it is over, at most so long after it was offered.
  private static final Duration GRACE = Duration.ofMinutes(10);

  private static long counted;

  public static void main(String[] arguments) throws Exception {
    long records = Long.parseLong(arguments[2]);
    StreamsBuilder builder = new StreamsBuilder();
    Serde<Contact> contacts = Serdes.serdeFrom(notWritten(), (topic, json) -> Contact.parse(json));
    builder.stream(
            arguments[1],
            // The key is the queue already, so that nothing need be sent through a topic to be grouped.
            Consumed.with(Serdes.String(), contacts)
                .withTimestampExtractor((record, latest) -> ((Contact) record.value()).offeredAt))
        .groupByKey()
        .windowedBy(TimeWindows.ofSizeAndGrace(SIZE, GRACE))
        .aggregate(
            Tally::new,
            (queue, contact, tally) -> {
              say(++counted, records);
              return tally.add(contact);
            },
            Materialized.<String, Tally, WindowStore<Bytes, byte[]>>as("windows")
                .withKeySerde(Serdes.String())
                .withValueSerde(tallies()));
    KafkaStreams streams = new KafkaStreams(builder.build(), settings(arguments[0], arguments[3]));
    Runtime.getRuntime().addShutdownHook(new Thread(streams::close));
    streams.start();
  }

  private static void say(long number, long records) {
    if (number == 1) {
      System.out.println("first");
    }
    if (number == records) {
      System.out.println("last");
    }
  }

  /** A tally as its 32 bytes. */
  private static Serde<Tally> tallies() {
    Serializer<Tally> serializer =
        (topic, tally) ->
            tally == null
                ? null
                : ByteBuffer.allocate(4 * Long.BYTES)
                    .putLong(tally.contacts)
                    .putLong(tally.answered)
                    .putLong(tally.inTime)
                    .putLong(tally.waitsMs)
                    .array();
    Deserializer<Tally> deserializer = (topic, bytes) -> bytes == null ? null : read(ByteBuffer.wrap(bytes));
    return Serdes.serdeFrom(serializer, deserializer);
  }

  private static Tally read(ByteBuffer bytes) {
    Tally tally = new Tally();
    tally.contacts = bytes.getLong();
    tally.answered = bytes.getLong();
    tally.inTime = bytes.getLong();
    tally.waitsMs = bytes.getLong();
    return tally;
  }

  private static <T> Serializer<T> notWritten() {
    return (topic, value) -> {
      throw new UnsupportedOperationException();
    };
  }

  private static Properties settings(String address, String group) throws Exception {
    Path state = Files.createTempDirectory("kafka-streams");
    Properties settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, group);
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, address);
    settings.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
    settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
    settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 256L << 20);
    settings.put(StreamsConfig.ENABLE_METRICS_PUSH_CONFIG, false);
    settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 10_000);
    settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG), 4 << 20);
    settings.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 1 << 20);
    return settings;
  }
}
