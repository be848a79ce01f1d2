import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.xerial.snappy.SnappyInputStream;
import org.xerial.snappy.SnappyOutputStream;

/**
 * Reads and writes files with the streams of the Java connectors. The end of a file's name is its compression.
 *
 * Arguments: {@code read FILE...} prints the SHA-256 of the content of each file; {@code write SOURCE FILE...} writes the
 * content of SOURCE to each file.
 */
public class Streams {
  public static void main(String[] args) throws Exception {
    boolean write = args[0].equals("write");
    for (int i = write ? 2 : 1; i < args.length; i++) {
      if (write) {
        write(Path.of(args[1]), Path.of(args[i]));
      } else {
        System.out.println(digest(Path.of(args[i])));
      }
    }
  }

  private static String digest(Path file) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    byte[] buffer = new byte[1000];
    try (InputStream in = decompress(file, Files.newInputStream(file))) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void write(Path source, Path file) throws Exception {
    byte[] bytes = Files.readAllBytes(source);
    try (OutputStream out = compress(file, Files.newOutputStream(file))) {
      for (int at = 0; at < bytes.length; at += 1000) {
        out.write(bytes, at, Math.min(1000, bytes.length - at));
      }
    }
  }

  private static InputStream decompress(Path file, InputStream in) throws Exception {
    String name = file.toString();
    return name.endsWith(".gz") ? new GZIPInputStream(in)
        : name.endsWith(".snappy") ? new SnappyInputStream(in)
        : name.endsWith(".zst") ? new ZstdInputStream(in)
        : in;
  }

  private static OutputStream compress(Path file, OutputStream out) throws Exception {
    String name = file.toString();
    return name.endsWith(".gz") ? new GZIPOutputStream(out, true)
        : name.endsWith(".snappy") ? new SnappyOutputStream(out)
        : name.endsWith(".zst") ? new ZstdOutputStream(out)
        : out;
  }
}
