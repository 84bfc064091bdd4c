package dev.graft.importer;

import dev.graft.aws.S3Originals;
import dev.graft.feature.StoreException;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the picture that an annotation file refers to: among the files beside it, else on the web
 * or in S3, where the reference is an address there.
 */
final class Addresses implements Closeable {
    private static final Pattern ADDRESS =
            Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+)://([^/]*)/?(.*)");

    private static final Pattern SIGNATURE =
            Pattern.compile("(?i)[?&](sig|signature|x-amz-signature|x-goog-signature)=");

    private final FileTree tree;
    private final Download download;
    private final Map<String, String> environment;
    private @Nullable S3Originals s3;

    /**
     * With the files beside the annotation file.
     *
     * @param environment has the credentials for S3
     */
    Addresses(FileTree tree, Download download, Map<String, String> environment) {
        this.tree = tree;
        this.download = download;
        this.environment = environment;
    }

    /**
     * The picture.
     *
     * @param base folder of the annotation file in the tree
     * @throws IOException if it is nowhere, which says what to do
     */
    Located locate(String base, String reference) throws IOException {
        Matcher address = ADDRESS.matcher(reference);
        boolean elsewhere = address.matches();
        String scheme = elsewhere ? address.group(1).toLowerCase(java.util.Locale.ROOT) : "";
        boolean fetched = Set.of("http", "https", "s3").contains(scheme);
        String path = elsewhere ? address.group(3) : reference;
        for (String one : written(path)) {
            Optional<FileTree.Entry> file = tree.find(base, one, fetched ? 2 : 1);
            if (file.isPresent()) {
                FileTree.Entry found = file.get();
                return new Located(
                        tree.name() + "!" + found.path() + "@" + found.version(),
                        found.path(),
                        found.fileName(),
                        found::read);
            }
        }
        String name = path.replaceFirst("[?#].*", "").replaceFirst(".*/", "");
        if (scheme.equals("s3")) {
            String bucket = address.group(2);
            return new Located(reference, "", name, () -> s3(bucket, path));
        }
        if (fetched) {
            URI uri = uri(reference);
            return new Located(lasting(reference), "", name, () -> web(uri));
        }
        throw new IOException(
                scheme.equals("gs")
                        ? "Google Cloud Storage is not read: copy the bucket beside the file (gcloud storage cp -r gs://%s .) and import again"
                                .formatted(address.group(2))
                        : "there is no file of that name in %s, or there are several: put the pictures beside the annotation file"
                                .formatted(tree.name()));
    }

    /**
     * A picture that was found.
     *
     * @param from see {@link Picture}
     * @param path in the tree; empty elsewhere
     */
    record Located(String from, String path, String name, Bytes bytes) {}

    /**
     * As it is, without what follows the path in an address, and decoded; each as local files may
     * be called.
     */
    private static Set<String> written(String path) {
        Set<String> forms = new LinkedHashSet<>();
        forms.add(path);
        if (path.startsWith("data/local-files/?d=") || path.startsWith("/data/local-files/?d=")) {
            forms.add(decoded(path.replaceFirst(".*[?]d=", ""))); // of Label Studio
        }
        String plain = path.replaceFirst("[?#].*", "");
        forms.add(plain);
        forms.add(decoded(plain));
        return forms;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return text;
        }
    }

    /** An address without a signature, which is another in each export. */
    private static String lasting(String address) {
        return SIGNATURE.matcher(address).find() ? address.replaceFirst("[?].*", "") : address;
    }

    private byte[] web(URI uri) throws IOException, InterruptedException {
        try {
            return download.picture(uri);
        } catch (Download.Refused e) {
            throw e.status() == 401 || e.status() == 403
                    ? new IOException(
                            e.getMessage() + ": if the address expired, export it anew", e)
                    : e;
        }
    }

    private static URI uri(String address) throws IOException {
        try {
            return URI.create(address.replace(" ", "%20"));
        } catch (IllegalArgumentException e) {
            throw new IOException("it is no address: " + e.getMessage(), e);
        }
    }

    private byte[] s3(String bucket, String key) throws IOException {
        try {
            byte[] bytes = s3().read(bucket, key, Bytes.MOST);
            if (bytes.length > Bytes.MOST) {
                throw FileTree.tooLarge();
            }
            return bytes;
        } catch (StoreException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private synchronized S3Originals s3() {
        if (s3 == null) {
            s3 = new S3Originals(environment);
        }
        return s3;
    }

    @Override
    public synchronized void close() throws IOException {
        if (s3 != null) {
            s3.close();
        }
        tree.close();
    }
}
