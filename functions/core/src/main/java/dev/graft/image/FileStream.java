package dev.graft.image;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * The bytes of an image file for ImageIO, with an end that readers cannot get lost behind: the WebP
 * reader of TwelveMonkeys swallows the end of the file at every bit it asks for, and takes minutes
 * over a damaged one. A few zeros follow the file, so that it may look ahead; who goes on asking
 * after those is refused.
 */
final class FileStream extends MemoryCacheImageInputStream {
    private static final int ZEROS = 64;
    private static final int MOST_ASKED_AFTER = 10_000;

    private int askedAfter;

    FileStream(byte[] file) {
        super(new ByteArrayInputStream(Arrays.copyOf(file, file.length + ZEROS)));
    }

    @Override
    public int read() throws IOException {
        return checked(super.read());
    }

    @Override
    public int read(byte[] to, int from, int length) throws IOException {
        return checked(super.read(to, from, length));
    }

    private int checked(int answer) throws IOException {
        if (answer < 0 && ++askedAfter > MOST_ASKED_AFTER) {
            throw new IOException("its data ask for more bytes than it has");
        }
        return answer;
    }
}
