package dev.graft.importer;

import dev.graft.feature.ImageStore;
import dev.graft.feature.KeyFolders;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A folder or an archive, with annotation files or with a folder for each class; or one annotation
 * file, with the folder that it lies in.
 */
final class FilesSource implements Source {
    private static final Pattern ANNOTATIONS =
            Pattern.compile("(?i).*\\.(json|jsonl|manifest|csv|tsv)");
    private static final Pattern PICTURE =
            Pattern.compile("(?i).*\\.(jpe?g|jpe|jfif|png|gif|webp|bmp|tiff?|heic|avif)");

    private final FileTree tree;
    private final Optional<String> only;
    private final Addresses addresses;

    /** Paths of the files that are dealt with. */
    private final Set<String> used = new HashSet<>();

    /**
     * Of a tree.
     *
     * @param only path of the annotation file, where the user named one
     */
    FilesSource(FileTree tree, Optional<String> only, Addresses addresses) {
        this.tree = tree;
        this.only = only;
        this.addresses = addresses;
    }

    /** Whether a file of this name may be an annotation file. */
    static boolean mayAnnotate(String name) {
        return ANNOTATIONS.matcher(name).matches();
    }

    @Override
    public void read(Found found) throws IOException, InterruptedException {
        Map<String, Annotations> annotated = annotations();
        annotated.values().forEach(one -> one.leftOut().forEach(found::leftOut));
        annotated.values().forEach(one -> one.notes().forEach(found::note));
        for (var file : annotated.entrySet()) {
            pictures(file.getKey(), file.getValue(), found);
        }
        if (only.isEmpty()) {
            tree.leftOut().forEach(found::leftOut);
            if (annotated.isEmpty()) {
                classFolders(found);
            } else {
                others(found);
            }
        }
    }

    private Map<String, Annotations> annotations() throws IOException {
        Map<String, Annotations> read = new LinkedHashMap<>();
        Collection<String> paths =
                only.<Collection<String>>map(List::of).orElse(tree.files().keySet());
        for (String path : paths) {
            FileTree.Entry file = tree.files().get(path);
            if (file != null && mayAnnotate(path) && !isSystem(path)) {
                try (InputStream in = file.opener().open()) {
                    annotations(path, in).ifPresent(one -> read.put(path, one));
                }
            }
        }
        if (only.isPresent() && read.isEmpty()) {
            throw new IllegalArgumentException(
                    "%s is no annotation file that Graft knows: expected COCO, a page of Custom Vision, an export of Label Studio, or rows or lines that name pictures and their labels"
                            .formatted(only.get()));
        }
        used.addAll(read.keySet());
        return read;
    }

    private static Optional<Annotations> annotations(String path, InputStream in)
            throws IOException {
        String ending = path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return switch (ending) {
            case "json" -> JsonFile.read(path, in);
            case "csv", "tsv" -> CsvFile.read(path, in);
            default -> JsonLinesFile.read(path, in);
        };
    }

    private void pictures(String file, Annotations annotations, Found found)
            throws IOException, InterruptedException {
        String base = file.substring(0, file.lastIndexOf('/') + 1);
        for (var one : annotations.pictures().entrySet()) {
            try {
                Addresses.Located located = addresses.locate(base, one.getKey());
                if (!located.path().isEmpty() && !used.add(located.path())) {
                    found.leftOut(
                            new LeftOut(
                                    "%s, labels %s of %s"
                                            .formatted(file, one.getValue(), one.getKey()),
                                    "%s was named before, and its labels there count"
                                            .formatted(located.path())));
                } else {
                    found.picture(
                            new Picture(
                                    located.from(),
                                    located.name(),
                                    one.getValue(),
                                    located.bytes()));
                }
            } catch (IOException e) {
                found.leftOut(new LeftOut(one.getKey(), String.valueOf(e.getMessage())));
            }
        }
    }

    /** What annotation files do not name: pictures are unlabelled. */
    private void others(Found found) throws IOException, InterruptedException {
        int unlabelled = 0;
        for (FileTree.Entry file : tree.files().values()) {
            if (used.contains(file.path())) {
                continue;
            }
            if (PICTURE.matcher(file.path()).matches() && !isSystem(file.path())) {
                unlabelled++;
                found.picture(picture(file, List.of()));
            } else {
                found.leftOut(new LeftOut(file.path(), whyNone(file.path())));
            }
        }
        if (unlabelled > 0) {
            found.note(
                    "%d pictures are named in no annotation file, and are unlabelled"
                            .formatted(unlabelled));
        }
    }

    private void classFolders(Found found) throws IOException, InterruptedException {
        List<FileTree.Entry> pictures =
                tree.files().values().stream()
                        .filter(file -> whyNone(file.path()).isEmpty())
                        .toList();
        String wrapper = wrapper(pictures);
        if (!wrapper.isEmpty()) {
            found.note(
                    "all lies in the folder %s, which is not taken for a class".formatted(wrapper));
        }
        for (FileTree.Entry file : tree.files().values()) {
            String why = whyNone(file.path());
            if (!why.isEmpty()) {
                found.leftOut(new LeftOut(file.path(), why));
                continue;
            }
            String key = ImageStore.PREFIX + file.path().substring(wrapper.length());
            List<String> label = KeyFolders.of(key).label().map(List::of).orElse(List.of());
            found.picture(picture(file, Annotations.clean(label)));
        }
    }

    private Picture picture(FileTree.Entry file, List<String> labels) {
        String from = tree.name() + "!" + file.path() + "@" + file.version();
        return new Picture(from, file.fileName(), labels, file::read);
    }

    /** Why a file is no picture by its path; empty if it may be one. */
    private static String whyNone(String path) {
        if (isSystem(path)) {
            return FileTree.SYSTEM;
        }
        return path.matches(
                        "(?i).*\\.(py|md|txt|csv|tsv|json|jsonl|manifest|xml|ya?ml|html?|pdf|zip|tar|t?gz|mat|npy|pkl)")
                ? "it is no picture, and no annotation file that Graft knows"
                : "";
    }

    private static boolean isSystem(String path) {
        return Arrays.stream(path.split("/")).anyMatch(KeyFolders::isSystem);
    }

    /**
     * The folder that an archive has around the folders of its classes, with a / at its end, as
     * where somebody packed the folder rather than what is in it.
     */
    private String wrapper(List<FileTree.Entry> pictures) {
        if (pictures.isEmpty() || !tree.isArchive()) {
            return "";
        }
        String first = pictures.getFirst().path();
        String top = first.substring(0, first.indexOf('/') + 1);
        boolean around =
                !top.isEmpty()
                        && KeyFolders.of(ImageStore.PREFIX + top + "a/1.jpg").split().isEmpty()
                        && pictures.stream().allMatch(one -> one.path().startsWith(top))
                        && pictures.stream()
                                .anyMatch(one -> one.path().indexOf('/', top.length()) > 0);
        return around ? top : "";
    }

    @Override
    public void close() throws IOException {
        addresses.close();
    }
}
