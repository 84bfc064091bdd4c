package dev.graft.local;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Pages of a list of many objects from one look at the files: the store below goes through all of
 * them for every page, so that a walk over 100,000 objects took a hundred looks of many seconds.
 * The pages that follow the first are of the same look. The first one is of a new look, but for a
 * call that is repeated, as when nobody waited for its answer, while nothing has changed since. One
 * walk at a time goes on so, the last one. Safe for use by many threads.
 */
final class Walk {
    private final AtomicLong changes = new AtomicLong();
    private final AtomicReference<@Nullable Look> last = new AtomicReference<>();

    /**
     * The objects behind a key.
     *
     * @param after the key; null for all
     * @param change number of the last change before it began
     * @param next whether the page before was given, which it continues
     */
    private record Look(
            String bucket,
            String prefix,
            @Nullable String after,
            long change,
            boolean next,
            CompletableFuture<List<S3Object>> objects) {
        boolean isOf(ListObjectsV2Request request, long now) {
            return bucket.equals(request.bucket())
                    && prefix.equals(request.prefix())
                    && Objects.equals(after, Walk.after(request))
                    && (next || change == now);
        }
    }

    private static @Nullable String after(ListObjectsV2Request request) {
        return request.continuationToken() == null
                ? request.startAfter()
                : request.continuationToken();
    }

    /** Notes that an object is about to change, or has. */
    void changed() {
        changes.incrementAndGet();
    }

    /** A page of the objects with a prefix, which {@code list} lists. */
    ListObjectsV2Response page(
            ListObjectsV2Request request,
            Function<ListObjectsV2Request, ListObjectsV2Response> list) {
        Integer limit = request.maxKeys();
        boolean folders = request.delimiter() != null && !request.delimiter().isEmpty();
        if (folders || request.prefix() == null || limit == null || limit < 1) {
            return list.apply(request);
        }
        List<S3Object> objects = objects(request, list);
        if (objects.size() <= limit) {
            return response(objects, null);
        }
        String end = objects.get(limit - 1).key();
        List<S3Object> rest = objects.subList(limit, objects.size());
        var known = CompletableFuture.completedFuture(rest);
        last.set(new Look(request.bucket(), request.prefix(), end, 0, true, known));
        return response(objects.subList(0, limit), end);
    }

    private List<S3Object> objects(
            ListObjectsV2Request request,
            Function<ListObjectsV2Request, ListObjectsV2Response> list) {
        long now = changes.get();
        Look known = last.get();
        if (known != null && known.isOf(request, now)) {
            return known.objects().join();
        }
        var objects = new CompletableFuture<List<S3Object>>();
        last.set(new Look(request.bucket(), request.prefix(), after(request), now, false, objects));
        try {
            ListObjectsV2Request all = request.toBuilder().maxKeys(Integer.MAX_VALUE).build();
            objects.complete(list.apply(all).contents());
        } catch (RuntimeException e) {
            last.set(null);
            objects.completeExceptionally(e);
            throw e;
        }
        return objects.join();
    }

    private static ListObjectsV2Response response(List<S3Object> objects, @Nullable String end) {
        return ListObjectsV2Response.builder()
                .contents(objects)
                .keyCount(objects.size())
                .isTruncated(end != null)
                .nextContinuationToken(end)
                .build();
    }
}
