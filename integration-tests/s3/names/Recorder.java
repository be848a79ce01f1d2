import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.confluent.connect.storage.partitioner.*;
import io.confluent.connect.storage.schema.StorageSchemaCompatibility;
import io.confluent.connect.storage.util.DateTimeUtils;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.*;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.data.*;
import org.apache.kafka.connect.data.Date;
import org.apache.kafka.connect.sink.SinkRecord;
import org.joda.time.DateTimeZone;

/** Adds the results of Confluent's classes to cases: {@code java Recorder < cases.json > recorded.json}. See README.md. */
public class Recorder {
  static final ObjectMapper JSON = new ObjectMapper();

  public static void main(String[] args) throws Exception {
    JsonNode cases = JSON.readTree(System.in);
    StringBuilder out = new StringBuilder("[\n");
    for (int i = 0; i < cases.size(); i++) {
      ObjectNode one = (ObjectNode) cases.get(i);
      one.set("expected", JSON.valueToTree(run(one)));
      out.append(JSON.writeValueAsString(one)).append(i + 1 < cases.size() ? ",\n" : "\n");
    }
    System.out.print(out.append("]\n"));
  }

  static Object run(JsonNode c) {
    switch (c.get("kind").asText()) {
      case "time": return times(c, partitioner(c));
      case "offset": {
        DateTimeZone zone = DateTimeZone.forID(c.get("zone").asText());
        return each(c.get("times"), t -> zone.getOffset(t.asLong()));
      }
      case "zone": return each(c.get("ids"), id -> DateTimeZone.forID(id.asText()).getID());
      case "field": return attempt(() -> fieldPartitioner(c).encodePartition(record(c)));
      case "extract": return attempt(() -> String.valueOf(extractor(c).extract(record(c))));
      case "iso": return isoTimes(c);
      case "schedule": {
        DateTimeZone zone = DateTimeZone.forID(c.get("zone").asText());
        long period = c.get("periodMs").asLong();
        return each(c.get("times"), t -> DateTimeUtils.getNextTimeAdjustedByDay(t.asLong(), period, zone));
      }
      case "compatibility": return compatibility(c);
      default: throw new IllegalArgumentException(c.get("kind").asText());
    }
  }

  interface Attempt { Object run() throws Exception; }

  static Object attempt(Attempt attempt) {
    try {
      return attempt.run();
    } catch (Exception e) {
      return new TreeMap<>(Map.of("error", e.getClass().getName(), "message", String.valueOf(e.getMessage())));
    }
  }

  static List<Object> each(JsonNode items, java.util.function.Function<JsonNode, Object> run) {
    List<Object> results = new ArrayList<>();
    for (JsonNode item : items) results.add(attempt(() -> run.apply(item)));
    return results;
  }

  static Map<String, Object> config(JsonNode c) {
    Map<String, Object> config = new HashMap<>();
    config.put("directory.delim", c.path("delim").asText("/"));
    config.put("partition.duration.ms", c.path("durationMs").asLong(3600000));
    config.put("path.format", c.path("pathFormat").asText("YYYY"));
    config.put("locale", c.path("locale").asText("en"));
    config.put("timezone", c.path("zone").asText("UTC"));
    config.put("timestamp.extractor", c.path("extractor").asText("Record"));
    config.put("timestamp.field", c.path("field").asText("timestamp"));
    return config;
  }

  static Object partitioner(JsonNode c) {
    return attempt(() -> {
      String type = c.path("partitioner").asText("time");
      TimeBasedPartitioner<?> p = type.equals("daily") ? new DailyPartitioner<>()
          : type.equals("hourly") ? new HourlyPartitioner<>() : new TimeBasedPartitioner<>();
      p.configure(config(c));
      return p;
    });
  }

  static Object times(JsonNode c, Object partitioner) {
    if (!(partitioner instanceof TimeBasedPartitioner)) return partitioner;
    return each(c.get("times"), t -> ((TimeBasedPartitioner<?>) partitioner).encodePartition(
        new SinkRecord("t", 0, null, null, null, "v", 0, t.asLong(), TimestampType.CREATE_TIME)));
  }

  static TimestampExtractor extractor(JsonNode c) {
    DateTimeZone.setDefault(DateTimeZone.forID(c.path("defaultZone").asText("UTC")));
    TimestampExtractor extractor = new TimeBasedPartitioner.RecordFieldTimestampExtractor();
    extractor.configure(config(c));
    return extractor;
  }

  static Object isoTimes(JsonNode c) {
    TimestampExtractor extractor = extractor(c);
    return each(c.get("texts"), text -> String.valueOf(extractor.extract(new SinkRecord("t", 0, null, null, null,
        new HashMap<>(Map.of("timestamp", text.asText())), 0))));
  }

  static FieldPartitioner<?> fieldPartitioner(JsonNode c) {
    List<String> fields = new ArrayList<>();
    c.get("fields").forEach(field -> fields.add(field.asText()));
    FieldPartitioner<?> p = new FieldPartitioner<>();
    p.configure(new HashMap<>(Map.of("partition.field.name", fields, "directory.delim", c.path("delim").asText("/"))));
    return p;
  }

  static Object compatibility(JsonNode c) {
    Schema schema = schema(c.get("schema"));
    Schema current = schema(c.get("current"));
    SinkRecord record = new SinkRecord("t", 0, null, null, schema, value(c.get("value"), schema), 0);
    return each(c.get("modes"), name -> {
      StorageSchemaCompatibility mode = StorageSchemaCompatibility.getCompatibility(name.asText());
      return Arrays.asList(
          attempt(() -> mode.shouldChangeSchema(record, null, current).isInCompatible()),
          attempt(() -> typed(mode.project(record, null, current).value())));
    });
  }

  static SinkRecord record(JsonNode c) {
    Schema schema = schema(c.get("schema"));
    return new SinkRecord("t", 0, null, null, schema, value(c.get("value"), schema), 0, 1L, TimestampType.CREATE_TIME);
  }

  static Schema schema(JsonNode n) {
    if (n == null || n.isNull()) return null;
    String type = n.get("type").asText();
    SchemaBuilder b = type.equals("array") ? SchemaBuilder.array(schema(n.get("items")))
        : type.equals("map") ? SchemaBuilder.map(schema(n.get("keys")), schema(n.get("values")))
        : new SchemaBuilder(Schema.Type.valueOf(type.toUpperCase()));
    if (n.has("fields")) n.get("fields").forEach(f -> b.field(f.get("name").asText(), schema(f.get("schema"))));
    if (n.get("optional").asBoolean()) b.optional();
    if (n.has("name")) b.name(n.get("name").asText());
    if (n.has("version")) b.version(n.get("version").asInt());
    if (n.has("doc")) b.doc(n.get("doc").asText());
    if (n.has("parameters")) n.get("parameters").fields().forEachRemaining(e -> b.parameter(e.getKey(), e.getValue().asText()));
    if (n.has("default")) b.defaultValue(value(n.get("default"), b.build()));
    return b.build();
  }

  static Object value(JsonNode n, Schema schema) {
    if (n == null || n.isNull()) return null;
    String tag = n.fieldNames().next();
    JsonNode v = n.get(tag);
    switch (tag) {
      case "int8": return (byte) v.asInt();
      case "int16": return (short) v.asInt();
      case "int32": return v.asInt();
      case "int64": return new BigInteger(v.asText()).longValue();
      case "float32": return (float) v.asDouble();
      case "float64": return v.asDouble();
      case "boolean": return v.asBoolean();
      case "string": return v.asText();
      case "bytes": return Base64.getDecoder().decode(v.asText());
      case "decimal": return new BigDecimal(new BigInteger(v.get("unscaled").asText()), v.get("scale").asInt());
      case "date": return new java.util.Date(v.asLong());
      case "array": {
        List<Object> list = new ArrayList<>();
        v.forEach(item -> list.add(value(item, schema == null ? null : schema.valueSchema())));
        return list;
      }
      case "map": {
        Map<Object, Object> map = new LinkedHashMap<>();
        v.forEach(e -> map.put(value(e.get(0), schema == null ? null : schema.keySchema()),
            value(e.get(1), schema == null ? null : schema.valueSchema())));
        return map;
      }
      case "struct": {
        Struct struct = new Struct(schema);
        v.forEach(e -> struct.put(e.get(0).asText(), value(e.get(1), schema.field(e.get(0).asText()).schema())));
        return struct;
      }
      default: throw new IllegalArgumentException(tag);
    }
  }

  static Object typed(Object v) {
    if (v == null) return null;
    if (v instanceof Struct) {
      List<Object> fields = new ArrayList<>();
      Struct s = (Struct) v;
      s.schema().fields().forEach(f -> fields.add(Arrays.asList(f.name(), typed(s.getWithoutDefault(f.name())))));
      return Map.of("struct", fields);
    }
    if (v instanceof List) {
      List<Object> items = new ArrayList<>();
      ((List<?>) v).forEach(item -> items.add(typed(item)));
      return Map.of("array", items);
    }
    if (v instanceof Map) {
      List<Object> entries = new ArrayList<>();
      ((Map<?, ?>) v).forEach((key, item) -> entries.add(Arrays.asList(typed(key), typed(item))));
      return Map.of("map", entries);
    }
    if (v instanceof byte[]) return Map.of("bytes", Base64.getEncoder().encodeToString((byte[]) v));
    if (v instanceof java.util.Date) return Map.of("date", String.valueOf(((java.util.Date) v).getTime()));
    if (v instanceof BigDecimal) {
      BigDecimal d = (BigDecimal) v;
      return Map.of("decimal", Map.of("unscaled", d.unscaledValue().toString(), "scale", d.scale()));
    }
    String tag = v instanceof Boolean ? "boolean" : v instanceof String ? "string" : v instanceof Float ? "float32"
        : v instanceof Double ? "float64" : v instanceof Byte ? "int8" : v instanceof Short ? "int16"
        : v instanceof Integer ? "int32" : "int64";
    return Map.of(tag, v instanceof Long ? v.toString() : v);
  }
}
