import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.graft.head.Activation;
import dev.graft.head.Head;
import dev.graft.head.HeadFiles;
import java.awt.image.BufferedImage;
import java.security.KeyStore;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/*
 * Runs a command that starts a function, has it answer an event or two, and ends it as Lambda does. What it asks of Lambda's
 * Runtime API, S3 and DynamoDB is answered here, the stores by TLS as theirs: there is a head of two classes, every image
 * is the same picture, and the table is empty. infra/Dockerfile records an AOT cache of that, in the folder of the function:
 *
 *     java -cp 'lib/*' AotRecording.java classifier|featurizer COMMAND...
 */

static final String NEXT = "/2018-06-01/runtime/invocation/next";
static final String PASSWORD = "recording";

final ObjectMapper json = new ObjectMapper();
final Queue<byte[]> events = new ConcurrentLinkedQueue<>();
final CompletableFuture<String> last = new CompletableFuture<>();

void main(String[] arguments) throws Exception {
    Map<String, byte[]> objects = head();
    byte[] picture = picture();
    objects.put("/images/images/a.jpg", picture);
    if (arguments[0].equals("classifier")) {
        events.add(request("POST", "/classify", picture));
        events.add(request("GET", "/status", new byte[0])); // loads the SDK's clients
    } else {
        events.add(upload("images/a.jpg"));
    }
    Path keys = Files.createTempDirectory("keys").resolve("keys");
    var runtime = HttpServer.create(here(), 0);
    runtime.createContext("/", this::lambda);
    var stores = stores(keys);
    stores.createContext("/images/", exchange -> s3(exchange, objects));
    stores.createContext("/heads/", exchange -> s3(exchange, objects));
    stores.createContext("/", this::dynamoDb);
    for (HttpServer server : List.of(runtime, stores)) {
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }
    var function = new ProcessBuilder(Arrays.asList(arguments).subList(1, arguments.length)).inheritIO();
    function.environment().putAll(variables(runtime.getAddress(), stores.getAddress(), keys));
    Process process = function.start();
    process.onExit().thenRun(() -> last.complete("none, it ended"));
    String answer = last.get(1, TimeUnit.MINUTES);
    process.destroy();
    process.waitFor();
    System.out.println("answered: " + answer);
    System.exit(isGood(answer) ? 0 : 1);
}

static InetSocketAddress here() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
}

/** With a certificate of its own. */
static HttpsServer stores(Path keys) throws Exception {
    new ProcessBuilder("keytool", "-genkeypair", "-alias", "here", "-keyalg", "RSA", "-dname", "CN=here", "-ext", "san=ip:127.0.0.1",
            "-keystore", keys.toString(), "-storepass", PASSWORD).inheritIO().start().waitFor();
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(KeyStore.getInstance(keys.toFile(), PASSWORD.toCharArray()), PASSWORD.toCharArray());
    var context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    var server = HttpsServer.create(here(), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    return server;
}

static Map<String, String> variables(InetSocketAddress runtime, InetSocketAddress stores, Path keys) {
    var variables = new HashMap<>(Map.of("IMAGES_BUCKET", "images", "HEADS_BUCKET", "heads", "TABLE", "images", "AWS_REGION", "us-east-1"));
    variables.put("AWS_ACCESS_KEY_ID", "none");
    variables.put("AWS_SECRET_ACCESS_KEY", "none");
    variables.put("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:" + runtime.getPort());
    variables.put("AWS_ENDPOINT_URL", "https://127.0.0.1:" + stores.getPort());
    variables.put("JDK_JAVA_OPTIONS", "-Djavax.net.ssl.trustStore=" + keys + " -Djavax.net.ssl.trustStorePassword=" + PASSWORD);
    return variables;
}

static byte[] picture() throws IOException {
    var picture = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(640, 480, BufferedImage.TYPE_INT_RGB), "jpg", picture);
    return picture.toByteArray();
}

/** Objects of S3 by their path. */
Map<String, byte[]> head() throws IOException {
    var backbone = json.readTree(Path.of("backbone.json").toFile());
    int width = backbone.path("width").asInt();
    var ones = new float[width];
    Arrays.fill(ones, 1);
    var numbers = new Head.Parameters(new float[2 * width], new float[2], ones, ones, 1, Activation.SOFTMAX);
    var head = new Head("1", List.of("a", "b"), backbone.path("id").asText(), numbers);
    var card = Map.of("format", 2, "classes", head.classes(), "backbone", head.backbone(), "temperature", 1);
    return new HashMap<>(Map.of(
            "/heads/heads/latest.json", json.writeValueAsBytes(Map.of("version", head.version())),
            "/heads/heads/1/head.json", json.writeValueAsBytes(card),
            "/heads/heads/1/head.safetensors", HeadFiles.tensors(head)));
}

byte[] request(String method, String path, byte[] body) throws IOException {
    return json.writeValueAsBytes(Map.of("rawPath", path, "rawQueryString", "", "headers", Map.of("content-type", "image/jpeg"),
            "requestContext", Map.of("http", Map.of("method", method, "path", path)), "body", body, "isBase64Encoded", true));
}

byte[] upload(String key) throws IOException {
    return json.writeValueAsBytes(Map.of("detail-type", "Object Created", "source", "aws.s3",
            "detail", Map.of("bucket", Map.of("name", "images"), "object", Map.of("key", key, "sequencer", "1"))));
}

static boolean isGood(String answer) {
    return answer.startsWith("{\"statusCode\":200") || answer.equals("[\"FEATURIZED\"]");
}

void lambda(HttpExchange exchange) throws IOException {
    if (!exchange.getRequestURI().getPath().equals(NEXT)) {
        String answer = new String(exchange.getRequestBody().readAllBytes());
        respond(exchange, 202, new byte[0]);
        if (!isGood(answer) || events.isEmpty()) {
            last.complete(answer);
        }
    } else if (!events.isEmpty()) {
        exchange.getResponseHeaders().add("Lambda-Runtime-Aws-Request-Id", "1");
        exchange.getResponseHeaders().add("Lambda-Runtime-Deadline-Ms", "" + (System.currentTimeMillis() + 60_000));
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        respond(exchange, 200, events.remove());
    } // else it waits, and is ended
}

void s3(HttpExchange exchange, Map<String, byte[]> objects) throws IOException {
    exchange.getRequestBody().readAllBytes();
    exchange.getResponseHeaders().add("ETag", "\"0\"");
    exchange.getResponseHeaders().add("Last-Modified", "Mon, 30 Nov 2026 00:00:00 GMT");
    byte[] object = objects.get(exchange.getRequestURI().getPath());
    if (!exchange.getRequestMethod().equals("GET")) {
        respond(exchange, 200, new byte[0]);
    } else if (object != null) {
        respond(exchange, 200, object);
    } else {
        exchange.getResponseHeaders().add("Content-Type", "application/xml");
        respond(exchange, 404, "<Error><Code>NoSuchKey</Code><Message>none</Message></Error>".getBytes());
    }
}

void dynamoDb(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    boolean query = exchange.getRequestHeaders().getFirst("X-Amz-Target").endsWith(".Query");
    byte[] body = (query ? "{\"Items\": [], \"Count\": 0, \"ScannedCount\": 0}" : "{}").getBytes();
    var sum = new CRC32();
    sum.update(body);
    exchange.getResponseHeaders().add("x-amz-crc32", "" + sum.getValue());
    exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.0");
    respond(exchange, 200, body);
}

void respond(HttpExchange exchange, int status, byte[] body) throws IOException {
    try (exchange) {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }
}
