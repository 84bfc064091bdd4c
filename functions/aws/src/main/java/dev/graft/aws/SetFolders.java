package dev.graft.aws;

import dev.graft.feature.LabelSet;
import java.util.SortedSet;
import java.util.TreeSet;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;

/** The folders of label sets in a bucket. */
final class SetFolders {
    private SetFolders() {}

    /**
     * The label sets of which there are files.
     *
     * @param kind folder of the kind of files, such as {@code heads/}
     */
    static SortedSet<LabelSet> in(S3Client client, String bucket, String kind) {
        String folder = kind + LabelSet.FOLDER;
        TreeSet<LabelSet> sets = new TreeSet<>();
        try {
            client.listObjectsV2Paginator(b -> b.bucket(bucket).prefix(folder).delimiter("/"))
                    .commonPrefixes()
                    .forEach(
                            found -> {
                                String name = found.prefix().substring(folder.length());
                                LabelSet.named(name.replace("/", "")).ifPresent(sets::add);
                            });
            return sets;
        } catch (SdkException e) {
            throw Failure.of("list the label sets under " + folder + " in bucket " + bucket, e);
        }
    }
}
