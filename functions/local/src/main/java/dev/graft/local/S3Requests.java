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
import java.util.regex.Pattern;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.shaded.org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.gaul.shaded.org.eclipse.jetty.server.Server;
import org.jspecify.annotations.Nullable;

/**
 * What S3Proxy leaves to do with each request. Those that a page of another site makes the browser
 * send are refused before their body is read, see {@link Door}, and so are uploads while the disk
 * is full. Refused are also keys with the segment {@code ..}, which a file system would take for
 * another key, and object tags, which S3Proxy does not keep, with what to do instead.
 *
 * <p>Every other request is taken to its end: of an upload that comes in signed chunks, as the AWS
 * SDK sends it over HTTP, S3Proxy leaves the last and empty one, and of a request it refuses the
 * body. What is not there yet when the answer is ready makes Jetty close the connection under the
 * sender's hands, who then sees "Error writing request body to server", though the object was
 * stored.
 */
final class S3Requests implements Filter {
    private static final Pattern TAGGING = Pattern.compile("(^|&)tagging(=|&|$)");

    private final Optional<DataFolder> folder;

    private S3Requests(Optional<DataFolder> folder) {
        this.folder = folder;
    }

    /**
     * Has a server that is not started yet do so.
     *
     * @param folder where it keeps its objects; empty for memory
     */
    static void of(S3Proxy s3, Optional<DataFolder> folder) {
        try {
            Field server = S3Proxy.class.getDeclaredField("server");
            server.setAccessible(true);
            ((Server) server.get(s3))
                    .getDescendant(ServletContextHandler.class)
                    .addFilter(new S3Requests(folder), "/*", EnumSet.of(DispatcherType.REQUEST));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this S3Proxy keeps its server elsewhere", e);
        }
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
            } else if (isOfTags(request)) {
                refuse(
                        response,
                        501,
                        "NotImplemented",
                        "on one machine objects have no tags: send the label as metadata (x-amz-meta-label), as the first folder of the key, or in a label file");
            } else {
                chain.doFilter(request, response);
            }
        } finally {
            if (!heldBack(request, response)) {
                request.getInputStream().transferTo(OutputStream.nullOutputStream());
            }
        }
    }

    private static boolean leavesItsFolder(String uri) {
        try {
            String path = URLDecoder.decode(uri.replace("+", "%2B"), StandardCharsets.UTF_8);
            return (path + "/").contains("/../");
        } catch (IllegalArgumentException notEncoded) {
            return false; // S3Proxy refuses it
        }
    }

    private static boolean isOfTags(HttpServletRequest request) {
        String query = String.valueOf(request.getQueryString());
        return request.getHeader("x-amz-tagging") != null || TAGGING.matcher(query).find();
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
