package dev.graft.backbone;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.graft.feature.ConfigurationException;
import dev.graft.image.Preprocessing;
import dev.graft.image.Preprocessing.Layout;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The input of a network that takes the image.
 *
 * @param name of the tensor
 * @param type {@code FLOAT}, {@code FLOAT16} or {@code UINT8} of {@link DataType}
 * @param layout order of its axes; where no axis is known to have three channels, channels first,
 *     unless an axis is named after them
 * @param isLayoutKnown false where every axis is symbolic
 * @param side of the image in pixels; 0 for any
 */
record ImageInput(String name, DataType type, Layout layout, boolean isLayoutKnown, int side) {
    private static final int USUAL_SIDE = 224;
    private static final Set<DataType> TYPES =
            Set.of(DataType.FLOAT, DataType.FLOAT16, DataType.UINT8);

    /**
     * The one in a graph.
     *
     * @throws ConfigurationException if there is none, or more than one; names the inputs
     */
    static ImageInput of(GraphProto graph, Path file) {
        Set<String> weights = new HashSet<>();
        graph.getInitializerList().forEach(tensor -> weights.add(tensor.getName()));
        List<ValueInfoProto> inputs =
                graph.getInputList().stream()
                        .filter(input -> !weights.contains(input.getName()))
                        .toList();
        List<ValueInfoProto> images =
                inputs.size() == 1
                        ? inputs
                        : inputs.stream().filter(input -> shape(input).size() == 4).toList();
        if (images.size() != 1) {
            throw new ConfigurationException(
                    "%s: expected one image input, found inputs %s"
                            .formatted(
                                    file, inputs.stream().map(ValueInfoProto::getName).toList()));
        }
        return of(images.getFirst(), file);
    }

    private static ImageInput of(ValueInfoProto input, Path file) {
        List<Dimension> shape = shape(input);
        DataType type = DataType.forNumber(input.getType().getTensorType().getElemType());
        if (shape.size() == 4 && type != null && TYPES.contains(type)) {
            boolean isPlanar = shape.get(1).getDimValue() == 3;
            boolean isInterleaved = shape.get(3).getDimValue() == 3;
            boolean isKnown = isPlanar != isInterleaved;
            boolean last =
                    isKnown ? isInterleaved : isOpen(shape.get(3)) && isOfChannels(shape.get(3));
            long rows = shape.get(last ? 1 : 2).getDimValue();
            long columns = shape.get(last ? 2 : 3).getDimValue();
            boolean isSquare = rows == columns || rows == 0 || columns == 0;
            if (isSquare && (isKnown || isOpen(shape.get(last ? 3 : 1)))) {
                return new ImageInput(
                        input.getName(),
                        type,
                        last ? Layout.NHWC : Layout.NCHW,
                        isKnown,
                        (int) Math.max(rows, columns));
            }
        }
        throw new ConfigurationException(
                ("%s: expected a float32 image input (n, 3, side, side) or (n, side, side, 3), or"
                                + " one of float16 or uint8, found %s with %s of %s")
                        .formatted(
                                file,
                                input.getName(),
                                shape.stream().map(ImageInput::text).toList(),
                                type == null ? "no tensor" : type));
    }

    private static boolean isOpen(Dimension axis) {
        return axis.getDimValue() == 0;
    }

    private static boolean isOfChannels(Dimension axis) {
        return axis.getDimParam().toLowerCase(Locale.ROOT).contains("channel");
    }

    private static String text(Dimension axis) {
        return axis.getDimValue() > 0 ? "" + axis.getDimValue() : "'" + axis.getDimParam() + "'";
    }

    private static List<Dimension> shape(ValueInfoProto input) {
        return input.getType().getTensorType().getShape().getDimList();
    }

    /** Whether it takes the pixels as they are, so that the network must normalize them itself. */
    boolean takesBytes() {
        return type == DataType.UINT8;
    }

    /** As {@link TensorProto} numbers it. */
    int typeNumber() {
        return type.getNumber();
    }

    /** ImageNet's preprocessing at the side of this input, or 224. */
    Preprocessing usual() {
        int crop = side == 0 ? USUAL_SIDE : side;
        return Preprocessing.imageNet(usualResize(crop), crop).withLayout(layout);
    }

    /** 256 for 224, and likewise. */
    static int usualResize(int crop) {
        return Math.round(crop * 256f / 224f);
    }
}
