package dev.graft.image;

/**
 * Version of the code that turns the bytes of a file into resized pixels. It is part of the
 * identity of every feature, as other pixels give other features: {@link
 * dev.graft.image.ImageDecoder} keeps all for as long as heads of the older ones may be in use.
 */
public enum PixelPath {
    /**
     * The first. It takes the last of several EXIF blocks, no orientation that is stored in 32
     * bits, no profile of a grey JPEG, and the Adobe marker of a JPEG that has a JFIF marker too.
     */
    P1(1),
    /** As browsers show a file, in all of these. */
    P2(2),
    /** The same, but of a large JPEG only as much is decoded as the resize needs. */
    P3(3),
    /**
     * The same, but a lossy WebP is decoded as RFC 6386 and libwebp do, and reduced likewise, then
     * without the filter of edges.
     */
    P4(4);

    /** What is used where nothing else is asked for. */
    public static final PixelPath CURRENT = P4;

    private final int number;

    PixelPath(int number) {
        this.number = number;
    }

    /** Its number, from 1 on, as the identity of a feature has it. */
    public int number() {
        return number;
    }
}
