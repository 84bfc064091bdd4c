package dev.graft.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.util.Callback;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBRequestHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBServerHandler;

/**
 * AWS's DynamoDB Local behind a server of ours, because its own listens on every network interface,
 * not on the loopback address alone, and reports its use to AWS.
 */
final class EmbeddedDynamoDb implements AutoCloseable {
    private static final String LIBRARY_PATH = "sqlite4java.library.path";

    /** Kept here, as a logger that nobody holds loses its level. */
    private static final Logger SQLITE_LOG = Logger.getLogger("com.almworks.sqlite4java");

    private final LocalDynamoDBServerHandler handler;
    private final Server server;

    /**
     * Starts on a free port.
     *
     * @param folder where to keep the tables; empty for memory
     * @param keyId access key of those who may come in
     */
    EmbeddedDynamoDb(Optional<Path> folder, String keyId) {
        SQLITE_LOG.setLevel(Level.OFF);
        unpackSqlite();
        String path = folder.map(Path::toString).orElse(null);
        this.handler =
                new LocalDynamoDBServerHandler(
                        new LocalDynamoDBRequestHandler(0, path == null, path, true, false), null);
        this.server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        server.setHandler(new Guarded(new ContextHandler(handler, "/"), keyId));
        try {
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException("could not start DynamoDB on this machine", e);
        }
    }

    /** Refuses others before it reads what they send. */
    private static final class Guarded extends Handler.Wrapper {
        private final String credential;

        Guarded(Handler inside, String keyId) {
            super(inside);
            this.credential = "Credential=" + keyId + "/";
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback)
                throws Exception {
            HttpFields headers = request.getHeaders();
            String authorization = headers.get(HttpHeader.AUTHORIZATION);
            boolean refused =
                    Door.isForeign(headers.get(HttpHeader.HOST), headers.get(HttpHeader.ORIGIN))
                            || authorization == null
                            || !authorization.contains(credential);
            if (!refused) {
                return super.handle(request, response, callback);
            }
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
            Response.writeError(request, response, callback, HttpStatus.FORBIDDEN_403);
            return true;
        }
    }

    int port() {
        return ((ServerConnector) server.getConnectors()[0]).getLocalPort();
    }

    @Override
    public void close() {
        try {
            server.stop();
            handler.close();
        } catch (Exception e) {
            throw new IllegalStateException("could not stop DynamoDB on this machine", e);
        }
    }

    /** Once per process: SQLite's native library goes from the class path to a file. */
    private static synchronized void unpackSqlite() {
        if (System.getProperty(LIBRARY_PATH) != null) {
            return;
        }
        String name = sqliteLibrary();
        try (InputStream library = EmbeddedDynamoDb.class.getResourceAsStream("/sqlite/" + name)) {
            if (library == null) {
                throw new IllegalStateException(
                        "DynamoDB Local has no SQLite for %s on %s, expected %s: set -D%s to a folder that has it"
                                .formatted(
                                        System.getProperty("os.name"),
                                        System.getProperty("os.arch"),
                                        name,
                                        LIBRARY_PATH));
            }
            Path folder = Files.createTempDirectory("graft-sqlite");
            Path file = folder.resolve(name);
            Files.copy(library, file);
            folder.toFile().deleteOnExit();
            file.toFile().deleteOnExit();
            System.setProperty(LIBRARY_PATH, folder.toString());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack " + name, e);
        }
    }

    private static String sqliteLibrary() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch");
        boolean intel = arch.equals("amd64") || arch.equals("x86_64");
        if (os.startsWith("windows")) {
            return "sqlite4java-win32-" + (intel ? "x64" : arch) + ".dll";
        }
        if (os.startsWith("mac")) {
            return intel ? "libsqlite4java-osx.dylib" : "libsqlite4java-osx-" + arch + ".dylib";
        }
        return "libsqlite4java-linux-" + (intel ? "amd64" : arch) + ".so";
    }
}
