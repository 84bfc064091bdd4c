package dev.graft.image;

/** Keys of the metadata that a cut network, and a model made of it, carries inside its file. */
public final class NetworkMetadata {
    /** Every key starts with this. */
    public static final String PREFIX = "graft.";

    /** What people call the network, such as {@code resnet50}. */
    public static final String NAME = PREFIX + "name";

    /** Name of the tensor that is the feature; a file that has this key is cut already. */
    public static final String FEATURE = PREFIX + "feature";

    /** SHA-256 of the file that the network was cut from. */
    public static final String SOURCE = PREFIX + "source";

    /** SHA-256 of the cut network without this key and {@link #SOURCE}. */
    public static final String CUT = PREFIX + "cut";

    /** Of an exported model: its classes as a JSON list, in the order of its output. */
    public static final String CLASSES = PREFIX + "classes";

    /** Of an exported model: the version of its head. */
    public static final String HEAD = PREFIX + "head";

    private NetworkMetadata() {}
}
