package dev.graft.spark;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Collections;
import java.util.HexFormat;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;

/**
 * What tells whether there is anything new to learn, hex: each the exclusive or of the SHA-256 of
 * all images, so that their order does not matter.
 *
 * @param data of key, label, content and feature
 * @param listing of key, label and time, as {@code dev.graft.training.ListingHash} has it
 */
record DataHashes(String data, String listing) {
    private static final int LENGTH = 32;

    static DataHashes of(JavaRDD<Row> rows) {
        byte[] both =
                rows.mapPartitions(
                                part -> {
                                    byte[] all = new byte[2 * LENGTH];
                                    while (part.hasNext()) {
                                        all = xor(all, both(part.next()));
                                    }
                                    return Collections.singletonList(all).iterator();
                                })
                        .treeReduce(DataHashes::xor);
        HexFormat hex = HexFormat.of();
        return new DataHashes(
                hex.formatHex(both, 0, LENGTH), hex.formatHex(both, LENGTH, both.length));
    }

    private static byte[] both(Row row) {
        String image = row.getAs("key") + "\0" + row.getAs("label") + "\0";
        Instant time = Instant.parse(row.<String>getAs("time"));
        MessageDigest data = sha256();
        data.update((image + row.getAs("hash")).getBytes(StandardCharsets.UTF_8));
        data.update(row.<byte[]>getAs("feature"));
        byte[] both = new byte[2 * LENGTH];
        System.arraycopy(data.digest(), 0, both, 0, LENGTH);
        byte[] listing = sha256().digest((image + time).getBytes(StandardCharsets.UTF_8));
        System.arraycopy(listing, 0, both, LENGTH, LENGTH);
        return both;
    }

    private static byte[] xor(byte[] one, byte[] other) {
        for (int i = 0; i < one.length; i++) {
            one[i] ^= other[i];
        }
        return one;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
