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
import java.util.EnumSet;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.shaded.org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.gaul.shaded.org.eclipse.jetty.server.Server;

/**
 * Takes every request to its end, for S3Proxy does not: of an upload that comes in signed chunks,
 * as the AWS SDK sends it over HTTP, it leaves the last and empty one, and of a request it refuses
 * the body. What is not there yet when the answer is ready makes Jetty close the connection under
 * the sender's hands, who then sees "Error writing request body to server", though the object was
 * stored.
 */
final class WholeRequest implements Filter {
    private WholeRequest() {}

    /** Has a server that is not started yet do so. */
    static void of(S3Proxy s3) {
        try {
            Field server = S3Proxy.class.getDeclaredField("server");
            server.setAccessible(true);
            ((Server) server.get(s3))
                    .getDescendant(ServletContextHandler.class)
                    .addFilter(new WholeRequest(), "/*", EnumSet.of(DispatcherType.REQUEST));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this S3Proxy keeps its server elsewhere", e);
        }
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        try {
            chain.doFilter(request, response);
        } finally {
            if (!heldBack((HttpServletRequest) request, (HttpServletResponse) response)) {
                request.getInputStream().transferTo(OutputStream.nullOutputStream());
            }
        }
    }

    /** Who asked first whether to send the body, and was refused, will not send it. */
    private static boolean heldBack(HttpServletRequest request, HttpServletResponse response) {
        return request.getHeader("Expect") != null && response.getStatus() >= 400;
    }
}
