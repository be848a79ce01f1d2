package io.confluent.connect.elasticsearch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.elasticsearch.action.index.IndexRequest;
import org.elasticsearch.xcontent.XContentBuilder;

/** Adds the results of Confluent's classes to cases, one per line. See README.md. */
public class Recorder {
  static final ObjectMapper JSON = new ObjectMapper();

  public static void main(String[] args) throws Exception {
    JsonConverter values = converter(false);
    JsonConverter keys = converter(true);
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      ObjectNode one = (ObjectNode) JSON.readTree(line);
      SchemaAndValue value = values.toConnectData("t", bytes(one.get("value")));
      SchemaAndValue key = keys.toConnectData("t", bytes(one.get("key")));
      SinkRecord record = new SinkRecord("t", 0, key.schema(), key.value(), value.schema(), value.value(), 7,
          1700000000000L, TimestampType.CREATE_TIME);
      convert(one, record);
      one.put("mapping", mapping(value.schema()));
      out.println(JSON.writeValueAsString(one));
    }
  }

  static void convert(ObjectNode one, SinkRecord record) {
    ElasticsearchSinkConnectorConfig config = new ElasticsearchSinkConnectorConfig();
    config.compactMapEntries = one.get("compactMapEntries").asBoolean();
    config.schemaIgnore = one.get("schemaIgnore").asBoolean();
    config.dataStream = one.get("dataStream").asBoolean();
    config.timestampFields = JSON.convertValue(one.get("timestampFields"), List.class);
    try {
      IndexRequest request = (IndexRequest) new DataConverter(config).convertRecord(record, "index");
      one.put("document", request.source().utf8ToString());
      one.put("id", request.id());
    } catch (DataException error) {
      one.putNull("document");
    }
  }

  static String mapping(Schema schema) throws Exception {
    XContentBuilder builder = Mapping.buildMapping(schema);
    builder.flush();
    return builder.getOutputStream().toString();
  }

  static JsonConverter converter(boolean isKey) {
    JsonConverter converter = new JsonConverter();
    converter.configure(Map.of("schemas.enable", "true", "replace.null.with.default", "false"), isKey);
    return converter;
  }

  static byte[] bytes(JsonNode text) {
    return text.asText().getBytes(StandardCharsets.UTF_8);
  }
}
