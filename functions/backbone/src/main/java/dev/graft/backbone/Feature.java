package dev.graft.backbone;

/**
 * Where the feature of a network is read.
 *
 * @param tensor its name in the graph
 * @param type of its values, as {@link dev.graft.onnx.OnnxShapes.Shape} names it
 * @param pooling what is made of the tokens of an encoder
 */
record Feature(String tensor, String type, Pooling pooling) {

    /**
     * How the tokens of an encoder become one vector.
     *
     * @param option behind {@code #}; empty where the tensor is the feature as it is
     * @param tokens how many there are
     * @param special how many of them, at the start, show no part of the image: the class token and
     *     registers
     */
    record Pooling(String option, int tokens, int special) {
        static final Pooling NONE = new Pooling("", 0, 0);

        boolean takesClassToken() {
            return option.startsWith("cls");
        }

        boolean takesMean() {
            return option.endsWith("mean");
        }
    }

    /** What stands in the metadata, and so in the identity of the feature. */
    String name() {
        return pooling.option.isEmpty() ? tensor : tensor + "#" + pooling.option;
    }
}
