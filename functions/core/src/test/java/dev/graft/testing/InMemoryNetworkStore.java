package dev.graft.testing;

import dev.graft.feature.NetworkStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Networks in memory. */
public final class InMemoryNetworkStore implements NetworkStore {
    private final Map<String, byte[]> networks = new ConcurrentHashMap<>();

    @Override
    public boolean has(String identity) {
        return networks.containsKey(identity);
    }

    @Override
    public void keep(String identity, Path network) {
        networks.computeIfAbsent(identity, id -> bytes(network));
    }

    @Override
    public boolean copy(String identity, Path to) {
        Optional<byte[]> network = Optional.ofNullable(networks.get(identity));
        network.ifPresent(bytes -> write(to, bytes));
        return network.isPresent();
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
