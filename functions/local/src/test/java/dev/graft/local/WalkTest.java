package dev.graft.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

class WalkTest {
    private final TreeSet<String> stored = new TreeSet<>();
    private final Walk walk = new Walk();
    private int looks;

    private ListObjectsV2Response look(ListObjectsV2Request request) {
        looks++;
        String after = String.valueOf(request.startAfter());
        return ListObjectsV2Response.builder()
                .contents(
                        stored.stream()
                                .filter(k -> request.startAfter() == null || k.compareTo(after) > 0)
                                .limit(request.maxKeys())
                                .map(key -> S3Object.builder().key(key).build())
                                .toList())
                .build();
    }

    private ListObjectsV2Response page(ListObjectsV2Request.Builder request) {
        return walk.page(request.bucket("b").prefix("images/").maxKeys(10).build(), this::look);
    }

    private List<String> walked() {
        List<String> keys = new ArrayList<>();
        ListObjectsV2Response page = page(ListObjectsV2Request.builder());
        while (!page.contents().isEmpty()) {
            page.contents().forEach(object -> keys.add(object.key()));
            page = page(ListObjectsV2Request.builder().startAfter(keys.getLast()));
        }
        return keys;
    }

    private void put(int number) {
        walk.changed();
        stored.add("images/%03d".formatted(number));
        walk.changed();
    }

    @Test
    void pagesThatFollowAreOfOneLookAndEachWalkOfAnother() {
        IntStream.range(0, 95).forEach(this::put);
        assertEquals(List.copyOf(stored), walked());
        assertEquals(2, looks, "one, and one that finds that nothing is left");
        put(200);
        assertEquals(List.copyOf(stored), walked());
        var first = page(ListObjectsV2Request.builder());
        var next = page(ListObjectsV2Request.builder().continuationToken("images/009"));
        assertEquals("images/009", first.nextContinuationToken());
        assertEquals("images/010", next.contents().getFirst().key());
        stored.removeIf(key -> key.compareTo("images/005") > 0);
        walk.changed();
        assertNull(page(ListObjectsV2Request.builder()).nextContinuationToken());
    }

    @Test
    void aLookThatFailsIsForgotten() {
        put(1);
        var request = ListObjectsV2Request.builder().bucket("b").prefix("images/").maxKeys(10);
        assertThrows(
                IllegalStateException.class,
                () ->
                        walk.page(
                                request.build(),
                                all -> {
                                    throw new IllegalStateException("the disk is gone");
                                }));
        assertEquals(List.of("images/001"), walked());
    }
}
