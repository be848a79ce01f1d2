import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.transforms.InsertField;
import org.apache.kafka.connect.transforms.MaskField;
import org.apache.kafka.connect.transforms.ReplaceField;
import org.apache.kafka.connect.transforms.Transformation;

/**
 * The Java side of bench/micro: the same cases and records as cases.ts, with the classes of Kafka Connect.
 * Arguments: seconds to warm up, seconds to measure. Prints a line `case<TAB>records per second` for each case.
 */
public final class Micro {
    private static final int RECORDS = 1_000;
    private static final String TOPIC = "bench";
    private static final Schema SCHEMA = SchemaBuilder.struct().name("bench.Order")
        .field("id", Schema.INT64_SCHEMA)
        .field("count", Schema.INT32_SCHEMA)
        .field("code", Schema.INT16_SCHEMA)
        .field("ratio", Schema.FLOAT64_SCHEMA)
        .field("active", Schema.BOOLEAN_SCHEMA)
        .field("name", Schema.STRING_SCHEMA)
        .field("city", Schema.STRING_SCHEMA)
        .field("note", Schema.OPTIONAL_STRING_SCHEMA)
        .field("created", Timestamp.SCHEMA)
        .field("text", Schema.STRING_SCHEMA)
        .build();

    /** Keeps results alive, so that the work is not optimized away. */
    private static Object sink;

    public static void main(String[] args) {
        double warmUp = Double.parseDouble(args[0]);
        double measured = Double.parseDouble(args[1]);
        JsonConverter withSchemas = converter(true);
        JsonConverter without = converter(false);
        List<Struct> structs = new ArrayList<>();
        List<Map<String, Object>> maps = new ArrayList<>();
        for (int number = 0; number < RECORDS; number++) {
            structs.add(struct(number));
            maps.add(map(number));
        }
        List<byte[]> enveloped = structs.stream().map(value -> withSchemas.fromConnectData(TOPIC, SCHEMA, value)).toList();
        List<byte[]> bare = maps.stream().map(value -> without.fromConnectData(TOPIC, null, value)).toList();
        List<SourceRecord> records = structs.stream().map(value -> record(SCHEMA, value)).toList();
        List<SourceRecord> schemaless = maps.stream().map(value -> record(null, value)).toList();
        UnaryOperator<SourceRecord> chain = chain();

        run("JSON with schemas, writing", warmUp, measured,
            index -> withSchemas.fromConnectData(TOPIC, SCHEMA, structs.get(index)));
        run("JSON with schemas, reading", warmUp, measured,
            index -> withSchemas.toConnectData(TOPIC, enveloped.get(index)));
        run("JSON without schemas, writing", warmUp, measured,
            index -> without.fromConnectData(TOPIC, null, maps.get(index)));
        run("JSON without schemas, reading", warmUp, measured,
            index -> without.toConnectData(TOPIC, bare.get(index)));
        run("three transforms, with schemas", warmUp, measured, index -> chain.apply(records.get(index)));
        run("three transforms, without schemas", warmUp, measured, index -> chain.apply(schemaless.get(index)));
    }

    private interface Work {
        Object on(int index);
    }

    private static void run(String name, double warmUp, double measured, Work work) {
        rate(work, warmUp);
        System.out.printf("%s\t%.0f%n", name, rate(work, measured));
    }

    private static double rate(Work work, double seconds) {
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        long rounds = 0;
        long now = start;
        while (now < end) {
            for (int index = 0; index < RECORDS; index++) sink = work.on(index);
            rounds++;
            now = System.nanoTime();
        }
        return rounds * RECORDS / ((now - start) / 1e9);
    }

    private static JsonConverter converter(boolean schemas) {
        JsonConverter converter = new JsonConverter();
        converter.configure(Map.of("schemas.enable", schemas), false);
        return converter;
    }

    private static UnaryOperator<SourceRecord> chain() {
        Transformation<SourceRecord> insert = new InsertField.Value<>();
        insert.configure(Map.of("static.field", "source", "static.value", "bench"));
        Transformation<SourceRecord> replace = new ReplaceField.Value<>();
        replace.configure(Map.of("exclude", "text", "renames", "name:title"));
        Transformation<SourceRecord> mask = new MaskField.Value<>();
        mask.configure(Map.of("fields", "city"));
        return record -> mask.apply(replace.apply(insert.apply(record)));
    }

    private static SourceRecord record(Schema schema, Object value) {
        return new SourceRecord(null, null, TOPIC, null, null, null, schema, value, 0L);
    }

    private static Struct struct(int number) {
        Map<String, Object> fields = map(number);
        fields.put("created", new Date((long) fields.get("created")));
        Struct struct = new Struct(SCHEMA);
        fields.forEach(struct::put);
        return struct;
    }

    private static Map<String, Object> map(int number) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("id", 1_000_000_000L + number);
        map.put("count", number);
        map.put("code", (short) (number % 100));
        map.put("ratio", number / 7.0);
        map.put("active", number % 2 == 0);
        map.put("name", "order number " + number);
        map.put("city", "city " + number % 50);
        map.put("note", number % 3 == 0 ? null : "leave at the door");
        map.put("created", 1_700_000_000_000L + number);
        map.put("text", "some words that make the record as long as records are, number " + number);
        return map;
    }
}
