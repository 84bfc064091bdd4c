package dev.graft.local;

import com.almworks.sqlite4java.SQLiteConnection;
import com.almworks.sqlite4java.SQLiteException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
import software.amazon.dynamodb.services.local.server.DynamoDBRequestHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBRequestHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBServerHandler;
import software.amazon.dynamodb.services.local.shared.access.sqlite.SQLiteLibraryLoader;

/**
 * AWS's DynamoDB Local behind a server of ours, because its own listens on every network interface,
 * not on the loopback address alone, and reports its use to AWS.
 */
final class EmbeddedDynamoDb implements AutoCloseable {
    /** What DynamoDB Local calls the database of all regions and keys. */
    static final String FILE = "shared-local-instance.db";

    private static final Duration MOST_CLOSING = Duration.ofSeconds(10);

    /** Kept here, as a logger that nobody holds loses its level. */
    private static final Logger SQLITE_LOG = Logger.getLogger("com.almworks.sqlite4java");

    private final LocalDynamoDBRequestHandler requests;
    private final LocalDynamoDBServerHandler handler;
    private final Server server;
    private final Optional<Path> log;

    /**
     * Starts on a free port.
     *
     * @param folder where to keep the tables; empty for memory
     * @param keyId access key of those who may come in
     */
    EmbeddedDynamoDb(Optional<Path> folder, String keyId) {
        SQLITE_LOG.setLevel(Level.OFF);
        folder.map(there -> there.resolve(FILE)).ifPresent(EmbeddedDynamoDb::writeAhead);
        this.log = folder.map(there -> there.resolve(FILE + "-wal"));
        String path = folder.map(Path::toString).orElse(null);
        this.requests = new LocalDynamoDBRequestHandler(0, path == null, path, true, false);
        this.handler = new LocalDynamoDBServerHandler(requests, null);
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

    /** Takes requests as the server has read them. */
    DynamoDBRequestHandler requests() {
        return requests;
    }

    int port() {
        return ((ServerConnector) server.getConnectors()[0]).getLocalPort();
    }

    /**
     * DynamoDB Local closes its database on another thread after it has said that it did. Whoever
     * opened it again meanwhile would find it locked, so this waits until SQLite has worked its log
     * into the database, after which there is no log.
     */
    @Override
    public void close() {
        try {
            server.stop();
            handler.close();
            long end = System.nanoTime() + MOST_CLOSING.toNanos();
            while (log.isPresent() && Files.exists(log.get()) && System.nanoTime() < end) {
                Thread.sleep(1);
            }
        } catch (Exception e) {
            throw new IllegalStateException("could not stop DynamoDB on this machine", e);
        }
    }

    /**
     * Has SQLite write changes to a log, which it works into the database later: nothing is lost
     * that its journal keeps, and an image takes a quarter of the syncs. The database remembers it.
     * On a file system without the shared memory that a log needs the journal stays.
     */
    private static void writeAhead(Path database) {
        try {
            SQLiteLibraryLoader.initialize(); // as DynamoDB Local does: a second library crashes
        } catch (Exception e) {
            throw new IllegalStateException("could not load SQLite for DynamoDB Local", e);
        }
        boolean works =
                isExecuted(
                        database,
                        "PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; PRAGMA user_version = 1");
        if (!works) {
            isExecuted(database, "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = DELETE");
        }
    }

    private static boolean isExecuted(Path database, String statements) {
        SQLiteConnection connection = new SQLiteConnection(database.toFile());
        try {
            connection.open(true).exec(statements);
            return true;
        } catch (SQLiteException e) {
            return false; // if that is more than the log, DynamoDB Local tells
        } finally {
            connection.dispose();
        }
    }
}
