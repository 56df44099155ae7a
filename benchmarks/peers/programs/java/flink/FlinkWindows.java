import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Properties;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.serialization.AbstractDeserializationSchema;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamUtils;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Counts finished contacts by queue and minute: FlinkWindows ADDRESS TOPIC RECORDS GROUP RESULTS. Says "first" and
 * "last" when it counts those records, and ends by itself.
 */
public final class FlinkWindows {
  private static final Duration SIZE = Duration.ofMinutes(1);
  // A contact is reported when it is over, at most so long after it was offered.
  private static final Duration LATENESS = Duration.ofMinutes(10);
  private static final Duration CHECKPOINT_EVERY = Duration.ofSeconds(1);

  private static long counted;

  public static void main(String[] arguments) throws Exception {
    long records = Long.parseLong(arguments[2]);
    StreamExecutionEnvironment environment = StreamExecutionEnvironment.createLocalEnvironment(1, settings());
    environment.enableCheckpointing(CHECKPOINT_EVERY.toMillis());
    byQueue(
            environment.fromSource(
                source(arguments[0], arguments[1]),
                WatermarkStrategy.<Contact>forBoundedOutOfOrderness(LATENESS)
                    .withTimestampAssigner((contact, written) -> contact.offeredAt),
                "contacts"))
        .window(TumblingEventTimeWindows.of(SIZE))
        .aggregate(new Count(records), new Name())
        .sinkTo(sink(arguments[0], arguments[4]));
    environment.execute();
  }

  /** With -Dchained=true in one thread: only right because there is but one, and an experimental call of Flink's. */
  private static KeyedStream<Contact, String> byQueue(DataStream<Contact> contacts) {
    return Boolean.getBoolean("chained")
        ? DataStreamUtils.reinterpretAsKeyedStream(contacts, contact -> contact.queue, Types.STRING)
        : contacts.keyBy(contact -> contact.queue);
  }

  private static Configuration settings() throws Exception {
    Configuration settings = new Configuration();
    settings.set(PipelineOptions.OBJECT_REUSE, true);
    settings.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
    settings.set(StateBackendOptions.STATE_BACKEND, "hashmap");
    settings.set(
        CheckpointingOptions.CHECKPOINTS_DIRECTORY, Files.createTempDirectory("flink").toUri().toString());
    return settings;
  }

  private static KafkaSource<Contact> source(String address, String topic) {
    Properties consumer = new Properties();
    consumer.put("max.poll.records", "10000");
    consumer.put("max.partition.fetch.bytes", String.valueOf(4 << 20));
    return KafkaSource.<Contact>builder()
        .setBootstrapServers(address)
        .setTopics(topic)
        .setGroupId("flink")
        .setProperties(consumer)
        .setProperty("register.consumer.metrics", "false")
        .setStartingOffsets(OffsetsInitializer.earliest())
        .setBounded(OffsetsInitializer.latest())
        .setValueOnlyDeserializer(new Parse())
        .build();
  }

  private static KafkaSink<byte[][]> sink(String address, String topic) {
    return KafkaSink.<byte[][]>builder()
        .setBootstrapServers(address)
        .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
        .setProperty("linger.ms", "100")
        .setProperty("batch.size", String.valueOf(1 << 20))
        .setRecordSerializer(new Write(topic))
        .build();
  }

  private static final class Parse extends AbstractDeserializationSchema<Contact> {
    @Override
    public Contact deserialize(byte[] json) {
      return Contact.parse(json);
    }
  }

  private static final class Write implements KafkaRecordSerializationSchema<byte[][]> {
    private final String topic;

    Write(String topic) {
      this.topic = topic;
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(byte[][] record, KafkaSinkContext context, Long at) {
      return new ProducerRecord<>(topic, record[0], record[1]);
    }
  }

  private static final class Count implements AggregateFunction<Contact, Tally, Tally> {
    private final long records;

    Count(long records) {
      this.records = records;
    }

    @Override
    public Tally createAccumulator() {
      return new Tally();
    }

    @Override
    public Tally add(Contact contact, Tally tally) {
      counted++;
      if (counted == 1) {
        System.out.println("first");
      }
      if (counted == records) {
        System.out.println("last");
      }
      return tally.add(contact);
    }

    @Override
    public Tally getResult(Tally tally) {
      return tally;
    }

    @Override
    public Tally merge(Tally one, Tally other) {
      throw new UnsupportedOperationException("windows of a minute never merge");
    }
  }

  private static final class Name extends ProcessWindowFunction<Tally, byte[][], String, TimeWindow> {
    @Override
    public void process(String queue, Context context, Iterable<Tally> tallies, Collector<byte[][]> out) {
      byte[] key = (queue + " " + context.window().getStart()).getBytes(StandardCharsets.UTF_8);
      out.collect(new byte[][] {key, tallies.iterator().next().toString().getBytes(StandardCharsets.UTF_8)});
    }
  }
}
