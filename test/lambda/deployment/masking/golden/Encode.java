import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import java.io.StringWriter;

/** What Java's own library makes of each secret, one a line of the file: encoder, secret and text, in hex. */
public class Encode {
  public static void main(String[] arguments) throws Exception {
    for (String line : Files.readAllLines(Path.of(arguments[0]))) {
      String s = new String(HexFormat.of().parseHex(line), StandardCharsets.UTF_8);
      byte[] bytes = s.getBytes(StandardCharsets.UTF_8);
      print("URLEncoder", s, URLEncoder.encode(s, StandardCharsets.UTF_8));
      print("URI", s, new URI("postgres", "user:" + s, "db", 5432, "/x", null, null).toString());
      print("URI in ASCII", s, new URI("postgres", "user:" + s, "db", 5432, "/x", null, null).toASCIIString());
      print("Base64 basic", s, Base64.getEncoder().encodeToString(("user:" + s).getBytes(StandardCharsets.UTF_8)));
      print("Base64 MIME", s, Base64.getMimeEncoder().encodeToString(("x".repeat(33) + s + "y".repeat(33)).getBytes(StandardCharsets.UTF_8)));
      print("Base64 URL", s, Base64.getUrlEncoder().withoutPadding().encodeToString(("u:" + s).getBytes(StandardCharsets.UTF_8)));
      print("HexFormat", s, HexFormat.of().formatHex(bytes));
      print("HexFormat upper case with delimiter", s, HexFormat.ofDelimiter(":").withUpperCase().formatHex(bytes));
      Properties properties = new Properties();
      properties.setProperty("password", s);
      StringWriter out = new StringWriter();
      properties.store(out, null);
      List<String> lines = new ArrayList<>(List.of(out.toString().split("\\R")));
      print("Properties.store", s, lines.get(lines.size() - 1));
    }
  }

  private static void print(String encoder, String secret, String text) {
    HexFormat hex = HexFormat.of();
    System.out.println(hex.formatHex(encoder.getBytes(StandardCharsets.UTF_8)) + " " + hex.formatHex(secret.getBytes(StandardCharsets.UTF_8)) + " "
        + hex.formatHex(text.getBytes(StandardCharsets.UTF_8)));
  }
}
