package dev.graft.importer;

import dev.graft.feature.KeyFolders;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** The files of a folder; links are followed unless they lead back. */
final class FolderFiles extends SimpleFileVisitor<Path> {
    private final Path root;
    private final Path without;
    private final FileTree tree;

    private FolderFiles(Path root, Path without, FileTree tree) {
        this.root = root;
        this.without = without;
        this.tree = tree;
    }

    /**
     * Lists them.
     *
     * @param without a folder that is passed over, as what is imported may be written into the
     *     folder of an annotation file
     */
    static FileTree of(Path folder, Path without) throws IOException {
        Path root = folder.toAbsolutePath().normalize();
        FileTree tree = new FileTree(root.toString(), () -> {});
        Files.walkFileTree(
                root,
                EnumSet.of(FileVisitOption.FOLLOW_LINKS),
                Integer.MAX_VALUE,
                new FolderFiles(root, without.toAbsolutePath().normalize(), tree));
        return tree;
    }

    private String path(Path file) {
        return StreamSupport.stream(root.relativize(file).spliterator(), false)
                .map(Path::toString)
                .collect(Collectors.joining("/"));
    }

    @Override
    public FileVisitResult preVisitDirectory(Path one, BasicFileAttributes attributes) {
        boolean system =
                !one.equals(root) && KeyFolders.isSystem(String.valueOf(one.getFileName()));
        if (system) {
            tree.leaveOut(path(one) + "/", FileTree.SYSTEM);
        }
        return system || one.equals(without)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        if (attributes.isRegularFile()) {
            String version = attributes.size() + "-" + attributes.lastModifiedTime().toMillis();
            tree.add(new FileTree.Entry(path(file), version, () -> Files.newInputStream(file)));
        } else {
            tree.leaveOut(path(file), "it is no file, or a link to none");
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
        if (file.equals(root)) {
            throw e;
        }
        boolean loop = e instanceof FileSystemLoopException;
        tree.leaveOut(path(file), loop ? "it is a link that leads back" : "it cannot be read");
        return FileVisitResult.CONTINUE;
    }
}
