package dev.graft.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The addresses under which others on the local network reach this machine. */
final class LanAddresses {
    /** Anywhere; nothing is sent there. */
    private static final InetSocketAddress ELSEWHERE = new InetSocketAddress("192.0.2.1", 9);

    private LanAddresses() {}

    /**
     * Those of IPv4, with the one that leads out of here first; empty while there is no network.
     */
    static List<String> found() {
        List<InetAddress> all = new ArrayList<>();
        try {
            for (NetworkInterface one : NetworkInterface.networkInterfaces().toList()) {
                if (one.isUp() && !one.isLoopback()) {
                    one.inetAddresses().filter(LanAddresses::isOfANetwork).forEach(all::add);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list the networks of this machine", e);
        }
        Optional<InetAddress> outwards = outwards();
        all.sort(Comparator.comparing(address -> outwards.filter(address::equals).isEmpty()));
        return all.stream().map(InetAddress::getHostAddress).toList();
    }

    private static boolean isOfANetwork(InetAddress address) {
        return address instanceof Inet4Address
                && !address.isLoopbackAddress()
                && !address.isLinkLocalAddress();
    }

    private static Optional<InetAddress> outwards() {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(ELSEWHERE);
            return Optional.of(socket.getLocalAddress());
        } catch (IOException | UncheckedIOException noWayOut) {
            return Optional.empty();
        }
    }
}
