package dev.graft.backbone;

import dev.graft.feature.ConfigurationException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/** The networks that come with the build, each as a resource beside this class, cut already. */
enum Embedded {
    /** A ResNet-10 shown 160 x 160, weights as float16: the default up to now. */
    RESNET10_GRAFT("resnet10-graft", "resnet10-graft.onnx"),

    /** A ResNet-18 with a third block in its last stage, shown 192 x 192, in int8, with names. */
    GRAFT_RESNET18(
            "graft-resnet18", "graft-resnet18-int8.onnx", "graft-resnet18.names.safetensors");

    /** What runs where no backbone is named. */
    static final Embedded DEFAULT = GRAFT_RESNET18;

    /**
     * The default of the release before: packages carry it beside the default, so that stored
     * features and heads of it go on answering while the network is changed.
     */
    static final Embedded BEFORE = RESNET10_GRAFT;

    private final String label;
    private final String file;
    private final Optional<String> names;

    Embedded(String label, String file) {
        this(label, file, Optional.empty());
    }

    Embedded(String label, String file, String names) {
        this(label, file, Optional.of(names));
    }

    Embedded(String label, String file, Optional<String> names) {
        this.label = label;
        this.file = file;
        this.names = names;
    }

    /** The network of that name. */
    static Optional<Embedded> find(String name) {
        return Arrays.stream(values()).filter(network -> network.label.equals(name)).findFirst();
    }

    /** What people call it, as in its metadata; also a name for {@code -Dbackbone}. */
    String label() {
        return label;
    }

    /**
     * Its file.
     *
     * @throws ConfigurationException if this build was made without it
     */
    byte[] bytes() {
        return read(file);
    }

    /**
     * The names it can suggest, as {@link dev.graft.prediction.NameSuggestions} reads them; empty
     * if it was taught none.
     */
    Optional<byte[]> names() {
        return names.map(this::read);
    }

    private byte[] read(String resource) {
        try (InputStream in = Embedded.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new ConfigurationException(
                        "backbone %s is not in this build: name another with -Dbackbone=FILE.onnx"
                                .formatted(label));
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new ConfigurationException(
                    "the embedded backbone %s cannot be read: %s".formatted(label, e), e);
        }
    }
}
