package bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.source.SourceConnector;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;

/** A source whose tasks write a number now and then, as the connector in index.ts does. */
public class Generator extends SourceConnector {
    private static final ConfigDef CONFIG = new ConfigDef()
        .define("topic", Type.STRING, Importance.HIGH, "Topic of all records.")
        .define("interval.ms", Type.LONG, Importance.HIGH, "Time between two records of a task.")
        .define("task", Type.STRING, "0", Importance.LOW, "Number of the task.");

    private Map<String, String> props;

    @Override
    public String version() {
        return "1.0.0";
    }

    @Override
    public void start(Map<String, String> props) {
        this.props = props;
    }

    @Override
    public Class<? extends Task> taskClass() {
        return Numbers.class;
    }

    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        List<Map<String, String>> configs = new ArrayList<>();
        for (int task = 0; task < maxTasks; task++) {
            Map<String, String> config = new HashMap<>(props);
            config.put("task", Integer.toString(task));
            configs.add(config);
        }
        return configs;
    }

    @Override
    public void stop() {
    }

    @Override
    public ConfigDef config() {
        return CONFIG;
    }

    public static class Numbers extends SourceTask {
        private final CountDownLatch stopped = new CountDownLatch(1);
        private String topic;
        private long intervalMs;
        private Map<String, String> partition;
        private String task;
        private long last;
        private long pauseMs;

        @Override
        public String version() {
            return "1.0.0";
        }

        @Override
        public void start(Map<String, String> props) {
            topic = props.get("topic");
            intervalMs = Long.parseLong(props.get("interval.ms"));
            task = props.get("task");
            partition = Map.of("task", task);
            Map<String, Object> offset = context.offsetStorageReader().offset(partition);
            last = offset == null ? 0 : (Long) offset.get("last");
        }

        @Override
        public List<SourceRecord> poll() throws InterruptedException {
            if (stopped.await(pauseMs, TimeUnit.MILLISECONDS)) {
                return null;
            }
            pauseMs = intervalMs;
            last++;
            Map<String, Long> offset = Map.of("last", last);
            return List.of(new SourceRecord(partition, offset, topic, Schema.STRING_SCHEMA, task + ":" + last));
        }

        @Override
        public void stop() {
            stopped.countDown();
        }
    }
}
