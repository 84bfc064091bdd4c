package dev.graft.local;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Field;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Optional;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.S3ProxyHandler;
import org.gaul.shaded.org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.gaul.shaded.org.eclipse.jetty.server.Server;
import org.jspecify.annotations.Nullable;

/**
 * What S3Proxy leaves to do with each request. Those that a page of another site makes the browser
 * send are refused before their body is read, see {@link Door}, and so are uploads while the disk
 * is full. Refused are also keys with the segment {@code ..}, which a file system would take for
 * another key. {@link TagRequests} deals with object tags.
 *
 * <p>Every other request is taken to its end: of an upload that comes in signed chunks, as the AWS
 * SDK sends it over HTTP, S3Proxy leaves the last and empty one, and of a request it refuses the
 * body. What is not there yet when the answer is ready makes Jetty close the connection under the
 * sender's hands, who then sees "Error writing request body to server", though the object was
 * stored.
 */
final class S3Requests implements Filter {
    private final Optional<DataFolder> folder;
    private final TagRequests tags;

    private S3Requests(Optional<DataFolder> folder, TagRequests tags) {
        this.folder = folder;
        this.tags = tags;
    }

    /**
     * Has a server that is not started yet do so.
     *
     * @param objects that it keeps
     * @param folder where it keeps its objects; empty for memory
     */
    static void of(S3Proxy s3, NotifyingBlobStore objects, Optional<DataFolder> folder) {
        try {
            Object servlet = field(s3, "handler");
            var tags = new TagRequests((S3ProxyHandler) field(servlet, "handler"), objects);
            ((Server) field(s3, "server"))
                    .getDescendant(ServletContextHandler.class)
                    .addFilter(
                            new S3Requests(folder, tags), "/*", EnumSet.of(DispatcherType.REQUEST));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this S3Proxy keeps its server elsewhere", e);
        }
    }

    private static Object field(Object of, String name) throws ReflectiveOperationException {
        Field field = of.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(of);
    }

    @Override
    public void doFilter(ServletRequest any, ServletResponse to, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest request = (HttpServletRequest) any;
        HttpServletResponse response = (HttpServletResponse) to;
        if (Door.isForeign(request.getHeader("Host"), request.getHeader("Origin"))) {
            refuse(response, 403, "AccessDenied", Door.FOREIGN);
            return;
        }
        String full = full(request);
        if (full != null) {
            System.err.println(full);
            refuse(response, 507, "InsufficientStorage", full);
            return;
        }
        try {
            if (leavesItsFolder(request.getRequestURI())) {
                refuse(response, 400, "InvalidURI", "S3 takes no key with the segment '..'");
            } else {
                tags.doFilter(request, response, chain);
            }
        } catch (TagRequests.Refused refused) {
            refuse(response, refused.status, refused.code, refused.reason);
        } finally {
            if (!heldBack(request, response)) {
                request.getInputStream().transferTo(OutputStream.nullOutputStream());
            }
        }
    }

    private static boolean leavesItsFolder(String uri) {
        try {
            return hasDots(URLDecoder.decode(uri.replace("+", "%2B"), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException notEncoded) {
            return false; // S3Proxy refuses it
        }
    }

    /** Whether a segment of a path is {@code ..}. */
    static boolean hasDots(String path) {
        return ("/" + path + "/").contains("/../");
    }

    private @Nullable String full(HttpServletRequest request) {
        return folder.isPresent() && request.getMethod().equals("PUT")
                ? folder.get().full(Math.max(0, request.getContentLengthLong()))
                : null;
    }

    private static void refuse(
            HttpServletResponse response, int status, String code, String message)
            throws IOException {
        response.setStatus(status);
        response.setContentType("application/xml");
        response.setHeader("Connection", "close");
        String text = message.replace("&", "&amp;").replace("<", "&lt;");
        response.getOutputStream()
                .write(
                        "<Error><Code>%s</Code><Message>%s</Message></Error>"
                                .formatted(code, text)
                                .getBytes(StandardCharsets.UTF_8));
    }

    /** Who asked first whether to send the body, and was refused, will not send it. */
    private static boolean heldBack(HttpServletRequest request, HttpServletResponse response) {
        return request.getHeader("Expect") != null && response.getStatus() >= 400;
    }
}
