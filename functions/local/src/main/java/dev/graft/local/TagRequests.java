package dev.graft.local;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.stream.XMLStreamException;
import org.gaul.s3proxy.S3ProxyHandler;
import org.gaul.s3proxy.blobstore.S3Exceptions;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * Requests with object tags, of which S3Proxy knows nothing: it refuses them before it looks at
 * their signature. It is shown them without the tags, and takes the signature from the request as
 * it came: a request for tags alone is shown as one for the metadata of the object, so that only
 * whoever may read the object, which is there, gets on to the tags. (What fails in S3Proxy speaks
 * in the AWS SDK's exceptions, hence the import.)
 */
final class TagRequests {
    private static final String TAGGING = "x-amz-tagging";
    private static final String DIRECTIVE = "x-amz-tagging-directive";
    private static final String COUNT = "x-amz-tagging-count";

    /** More than ten tags can have, each character as an entity. */
    private static final int MOST_BYTES = 64 << 10;

    private static final Pattern TAGS_ALONE = Pattern.compile("(^|&)tagging(=|&|$)");
    private static final Pattern PART = Pattern.compile("(^|&)uploadId=");
    private static final Pattern SIGNED = Pattern.compile("SignedHeaders=([^,]*)");

    private final S3ProxyHandler s3;
    private final NotifyingBlobStore objects;

    TagRequests(S3ProxyHandler s3, NotifyingBlobStore objects) {
        this.s3 = s3;
        this.objects = objects;
    }

    /** A request is refused. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        final int status;
        final String code;
        final String reason;

        Refused(int status, String code, String reason) {
            super(reason);
            this.reason = reason;
            this.status = status;
            this.code = code;
        }
    }

    /** Whatever the request says of tags is done, and the rest by the chain. */
    void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (isIn(TAGS_ALONE, request)) {
            ofTagsAlone(request, response);
            return;
        }
        List<String> headers =
                List.of(TAGGING, DIRECTIVE).stream()
                        .filter(name -> request.getHeader(name) != null)
                        .toList();
        Optional<ObjectTags> tags = headers.isEmpty() ? Optional.empty() : given(request, headers);
        boolean reads = List.of("GET", "HEAD").contains(request.getMethod());
        NotifyingBlobStore.REQUEST.set(
                new NotifyingBlobStore.TagsOfRequest(
                        tags,
                        count -> {
                            if (reads && count > 0) {
                                response.setHeader(COUNT, Integer.toString(count));
                            }
                        }));
        try {
            chain.doFilter(headers.isEmpty() ? request : new Shown(request, headers), response);
        } finally {
            NotifyingBlobStore.REQUEST.remove();
        }
    }

    private static boolean isIn(Pattern parameter, HttpServletRequest request) {
        return parameter.matcher(String.valueOf(request.getQueryString())).find();
    }

    /** The tags for the object that a request stores; empty where a copy keeps its source's. */
    private static Optional<ObjectTags> given(HttpServletRequest request, List<String> headers) {
        requireSigned(request);
        if (!signedHeaders(request).containsAll(headers)) {
            throw new Refused(403, "AccessDenied", headers + " must be among the signed headers");
        }
        if (!request.getMethod().equals("PUT") || isIn(PART, request)) {
            throw new Refused(
                    501,
                    "NotImplemented",
                    "on one machine an upload in parts takes no tags: give them when the object is there");
        }
        boolean copies = request.getHeader("x-amz-copy-source") != null;
        String directive = request.getHeader(DIRECTIVE);
        if (directive != null && !(copies && Set.of("COPY", "REPLACE").contains(directive))) {
            throw new Refused(
                    400,
                    "InvalidArgument",
                    DIRECTIVE + " of a copy is COPY or REPLACE, but it is '" + directive + "'");
        }
        return copies && !"REPLACE".equals(directive)
                ? Optional.empty()
                : Optional.of(tags(request.getHeader(TAGGING)));
    }

    private static ObjectTags tags(@Nullable String header) {
        try {
            return header == null ? ObjectTags.NONE : ObjectTags.ofHeader(header);
        } catch (IllegalArgumentException e) {
            throw new Refused(400, "InvalidTag", String.valueOf(e.getMessage()));
        }
    }

    private void ofTagsAlone(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        String[] path = request.getRequestURI().split("/", 3);
        String sent = String.valueOf(request.getHeader("x-amz-content-sha256"));
        if (!List.of("GET", "PUT", "DELETE").contains(request.getMethod())
                || sent.startsWith("STREAMING-")
                || path.length < 3
                || path[2].isEmpty()) {
            throw new Refused(
                    501,
                    "NotImplemented",
                    "on one machine tags of objects are read, put as a whole body and deleted");
        }
        requireSigned(request);
        byte[] body = request.getInputStream().readNBytes(MOST_BYTES + 1);
        if (body.length > MOST_BYTES) {
            throw new Refused(400, "MalformedXML", "the tags have more than 64 KB");
        }
        authenticate(request, response, body);
        response.reset();
        String bucket = decoded(path[1]);
        String key = decoded(path[2]);
        switch (request.getMethod()) {
            case "GET" -> {
                response.setContentType("application/xml");
                response.getOutputStream()
                        .write(objects.tags(bucket, key).xml().getBytes(StandardCharsets.UTF_8));
            }
            case "PUT" -> objects.tag(bucket, key, tags(body));
            default -> {
                objects.tag(bucket, key, ObjectTags.NONE);
                response.setStatus(HttpServletResponse.SC_NO_CONTENT);
            }
        }
    }

    private static ObjectTags tags(byte[] body) {
        try {
            return ObjectTags.ofXml(body);
        } catch (XMLStreamException e) {
            throw new Refused(400, "MalformedXML", "the body is no Tagging: " + e.getMessage());
        } catch (IllegalArgumentException e) {
            throw new Refused(400, "InvalidTag", String.valueOf(e.getMessage()));
        }
    }

    /** Returns if the signature is right, its time has not passed and the object is there. */
    private void authenticate(HttpServletRequest request, HttpServletResponse response, byte[] body)
            throws IOException {
        try {
            s3.doHandle(
                    request,
                    new Shown(request, List.of()),
                    response,
                    new ByteArrayInputStream(body),
                    null);
        } catch (AwsServiceException e) {
            response.reset();
            throw new Refused(
                    e.statusCode(),
                    String.valueOf(S3Exceptions.errorCode(e)),
                    String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException e) {
            response.reset();
            throw new Refused(400, "InvalidArgument", String.valueOf(e.getMessage()));
        }
    }

    /**
     * By version 4, which S3Proxy checks over the request as it came; for one without any it would
     * ask whether everybody may read the object.
     */
    private static void requireSigned(HttpServletRequest request) {
        String header = request.getHeader("Authorization");
        String algorithm = "AWS4-HMAC-SHA256";
        boolean signed =
                header == null
                        ? algorithm.equals(request.getParameter("X-Amz-Algorithm"))
                        : header.startsWith(algorithm + " ");
        if (!signed) {
            throw new Refused(
                    403, "AccessDenied", "requests with tags are signed by signature version 4");
        }
    }

    private static List<String> signedHeaders(HttpServletRequest request) {
        String header = request.getHeader("Authorization");
        Matcher found = SIGNED.matcher(header == null ? "" : header);
        String names = found.find() ? found.group(1) : request.getParameter("X-Amz-SignedHeaders");
        return names == null ? List.of() : Arrays.asList(names.trim().split(";"));
    }

    /** As S3Proxy reads it. */
    private static String decoded(String part) {
        return URLDecoder.decode(part, StandardCharsets.UTF_8);
    }

    /**
     * A request as S3Proxy is to see it: for tags alone, as one for the metadata of the object;
     * else as it is, but that some headers are not listed. They can still be asked for by name, as
     * for the signature.
     */
    private static final class Shown extends HttpServletRequestWrapper {
        private final List<String> unlisted;

        Shown(HttpServletRequest request, List<String> unlisted) {
            super(request);
            this.unlisted = unlisted;
        }

        private boolean ofTagsAlone() {
            return unlisted.isEmpty();
        }

        @Override
        public String getMethod() {
            return ofTagsAlone() ? "HEAD" : super.getMethod();
        }

        @Override
        public Enumeration<String> getParameterNames() {
            return without(
                    super.getParameterNames(), ofTagsAlone() ? List.of("tagging") : List.of());
        }

        @Override
        public Enumeration<String> getHeaderNames() {
            return without(super.getHeaderNames(), unlisted);
        }

        private static Enumeration<String> without(Enumeration<String> all, List<String> some) {
            List<String> left =
                    Collections.list(all).stream()
                            .filter(name -> some.stream().noneMatch(name::equalsIgnoreCase))
                            .toList();
            return Collections.enumeration(left);
        }
    }
}
