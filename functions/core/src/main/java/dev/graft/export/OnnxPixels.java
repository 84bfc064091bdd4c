package dev.graft.export;

import static dev.graft.export.OnnxMessage.DOUBLE;
import static dev.graft.export.OnnxMessage.FLOAT;
import static dev.graft.export.OnnxMessage.INT64;
import static dev.graft.export.OnnxMessage.UINT8;
import static dev.graft.export.OnnxMessage.node;
import static dev.graft.export.OnnxMessage.number;
import static dev.graft.export.OnnxMessage.numbers;
import static dev.graft.export.OnnxMessage.tensor;

import dev.graft.image.Interpolation;
import dev.graft.image.Preprocessing;
import dev.graft.image.Preprocessing.ChannelOrder;
import dev.graft.image.Preprocessing.Layout;
import java.util.List;

/**
 * What {@link Preprocessing} does, as nodes of ONNX: from {@code pixels}, uint8 (height, width, 3)
 * of any size, upright and RGB, to {@code image}, what a backbone takes.
 *
 * <p>The antialiased resize is a product with two matrices that the graph computes from the size:
 * across, rounded to 8 bits, down, rounded again, as Pillow and the product do it. The operator
 * {@code Resize} has {@code antialias} only from operator set 18 on, which most networks are not
 * written in and cannot be raised to without rewriting their layers, and few runtimes have it. The
 * nodes here mean the same in each operator set from {@value #OPERATOR_SET} on.
 */
final class OnnxPixels {
    /** The first one that has all the operators. */
    static final int OPERATOR_SET = 11;

    static final String INPUT = "pixels";
    static final String OUTPUT = "image";

    private static final String PREFIX = "graft/pixels/";
    private static final String ROWS = "rows/";
    private static final String COLUMNS = "columns/";

    private static final List<String> HALVES = List.of("high", "low");

    /** Of the weights, as Pillow has them. */
    private static final int BITS = 22;

    private final Preprocessing preprocessing;
    private final OnnxMessage graph = new OnnxMessage();

    private OnnxPixels(Preprocessing preprocessing) {
        this.preprocessing = preprocessing;
    }

    /** The beginning of a graph. */
    static OnnxMessage graph(Preprocessing preprocessing) {
        return new OnnxPixels(preprocessing).graph();
    }

    private OnnxMessage graph() {
        graph.put(11, input());
        constants();
        put("Shape", "shape", INPUT);
        size(ROWS, "0");
        size(COLUMNS, "1");
        put("Min", "shorter", "rows/side", "columns/side");
        put("Max", "longer", "rows/side", "columns/side");
        axis(ROWS);
        axis(COLUMNS);
        resize();
        normalize();
        return graph;
    }

    private static OnnxMessage input() {
        OnnxMessage shape =
                new OnnxMessage()
                        .put(1, new OnnxMessage().put(2, "height"))
                        .put(1, new OnnxMessage().put(2, "width"))
                        .put(1, new OnnxMessage().put(1, 3));
        OnnxMessage type = new OnnxMessage().put(1, new OnnxMessage().put(1, UINT8).put(2, shape));
        return new OnnxMessage().put(1, INPUT).put(2, type);
    }

    private void constants() {
        int crop = preprocessing.crop();
        for (double number : new double[] {0, 0.5, 1}) {
            constant(name(number), number);
        }
        constant("resize", preprocessing.resize());
        constant("crop", crop);
        constant("one", 1 << BITS);
        constant("root", 1 << BITS / 2);
        constant("reach", preprocessing.interpolation() == Interpolation.BILINEAR ? 1 : 2);
        double[] outputs = new double[crop];
        for (int i = 0; i < crop; i++) {
            outputs[i] = i;
        }
        graph.put(5, tensor(PREFIX + "outputs", outputs, crop));
        graph.put(5, tensor(PREFIX + "0", new long[] {0}));
        graph.put(5, tensor(PREFIX + "1", new long[] {1}));
        graph.put(5, tensor(PREFIX + "single", new long[] {1}, 1));
        graph.put(5, tensor(PREFIX + "axes", new long[] {0, 1}, 2));
        graph.put(5, tensor(PREFIX + "tall", new long[] {-1, 1}, 2));
        graph.put(5, tensor(PREFIX + "wide", new long[] {1, -1}, 2));
        graph.put(5, tensor(PREFIX + "black", new float[] {0}));
        graph.put(5, tensor(PREFIX + "white", new float[] {255}));
        graph.put(5, tensor(PREFIX + "whole", new float[] {1}));
    }

    private static String name(double number) {
        return "number/" + number;
    }

    private void constant(String name, double value) {
        graph.put(5, tensor(PREFIX + name, new double[] {value}));
    }

    private void size(String axis, String index) {
        put("Gather", axis + "count", "shape", index);
        cast(axis + "side", axis + "count", DOUBLE);
    }

    /** The matrix of one axis, (crop, source pixels that count), with rows that sum to 1. */
    private void axis(String axis) {
        target(axis);
        put("Div", axis + "scale", axis + "side", axis + "target");
        put("Max", axis + "stretch", axis + "scale", name(1));
        positions(axis);
        window(axis);
        // how far each source pixel is from the centre of each output pixel, in steps of the kernel
        put("Add", axis + "middles", axis + "positions", name(0.5));
        put("Mul", axis + "centres", axis + "middles", axis + "scale");
        put("Reshape", axis + "tall centres", axis + "centres", "tall");
        put("Add", axis + "sources", axis + "window", name(0.5));
        put("Sub", axis + "away", axis + "sources", axis + "tall centres");
        put("Div", axis + "steps", axis + "away", axis + "stretch");
        put("Abs", axis + "distance", axis + "steps");
        kernel(axis);
        put("Reshape", axis + "tall inside", axis + "inside", "tall");
        put("Mul", axis + "seen", axis + "kernel", axis + "tall inside");
        put("Mul", axis + "zeros", axis + "window", name(0));
        put("Add", axis + "ones", axis + "zeros", name(1));
        put("MatMul", axis + "sum", axis + "seen", axis + "ones");
        put("Sub", axis + "outside", name(1), axis + "inside");
        put("Add", axis + "total", axis + "sum", axis + "outside");
        put("Reshape", axis + "tall total", axis + "total", "tall");
        put("Div", axis + "weights", axis + "seen", axis + "tall total");
        fixedPoint(axis);
    }

    /**
     * The weights as whole numbers of {@value #BITS} bits, half away from zero, in two halves: sums
     * of their products with pixels are then exact in 32 bits of floating point.
     */
    private void fixedPoint(String axis) {
        put("Mul", axis + "long weights", axis + "weights", "one");
        put("Abs", axis + "sizes", axis + "long weights");
        put("Add", axis + "more sizes", axis + "sizes", name(0.5));
        put("Floor", axis + "whole sizes", axis + "more sizes");
        put("Sign", axis + "signs", axis + "long weights");
        put("Mul", axis + "fixed", axis + "whole sizes", axis + "signs");
        put("Div", axis + "quotients", axis + "fixed", "root");
        put("Floor", axis + "high numbers", axis + "quotients");
        put("Mul", axis + "multiples", axis + "high numbers", "root");
        put("Sub", axis + "low numbers", axis + "fixed", axis + "multiples");
        cast(axis + "high", axis + "high numbers", FLOAT);
        cast(axis + "low", axis + "low numbers", FLOAT);
    }

    /** The length after resizing. */
    private void target(String axis) {
        switch (preprocessing.fit()) {
            case CROP -> {
                put("Mul", axis + "product", axis + "side", "resize");
                put("Div", axis + "exact", axis + "product", "shorter");
                put("Floor", axis + "target", axis + "exact");
            }
            case SQUASH -> put("Identity", axis + "target", "resize");
            case PAD -> {
                put("Div", axis + "ratio", "longer", "resize");
                put("Div", axis + "exact", axis + "side", axis + "ratio");
                put("Round", axis + "rounded", axis + "exact");
                put("Max", axis + "target", axis + "rounded", name(1));
            }
        }
    }

    /** Where the outputs lie in the resized image, and whether they are inside: 1 or 0. */
    private void positions(String axis) {
        put("Sub", axis + "more", axis + "target", "crop");
        put("Max", axis + "cut", axis + "more", name(0));
        put("Mul", axis + "half cut", axis + "cut", name(0.5));
        put("Round", axis + "before", axis + "half cut");
        put("Sub", axis + "added", axis + "cut", axis + "more");
        put("Mul", axis + "half added", axis + "added", name(0.5));
        put("Floor", axis + "border", axis + "half added");
        put("Sub", axis + "first", axis + "before", axis + "border");
        put("Add", axis + "positions", "outputs", axis + "first");
        put("Add", axis + "from 1", axis + "positions", name(1));
        put("Sub", axis + "left over", axis + "target", axis + "positions");
        put("Min", axis + "inner", axis + "from 1", axis + "left over", name(1));
        put("Max", axis + "inside", axis + "inner", name(0));
    }

    /** The source pixels that have a weight, and perhaps some more. */
    private void window(String axis) {
        put("Mul", axis + "reach", "reach", axis + "stretch");
        put("Mul", axis + "first source", axis + "first", axis + "scale");
        put("Sub", axis + "reached", axis + "first source", axis + "reach");
        put("Floor", axis + "reached pixel", axis + "reached");
        put("Max", axis + "start", axis + "reached pixel", name(0));
        put("Add", axis + "last", axis + "first", "crop");
        put("Mul", axis + "last source", axis + "last", axis + "scale");
        put("Add", axis + "touched", axis + "last source", axis + "reach");
        put("Ceil", axis + "touched pixel", axis + "touched");
        put("Min", axis + "end", axis + "touched pixel", axis + "side");
        put("Range", axis + "window", axis + "start", axis + "end", name(1));
        for (String bound : List.of("start", "end")) {
            cast(axis + bound + " number", axis + bound, INT64);
            put("Reshape", axis + bound + " index", axis + bound + " number", "single");
        }
    }

    /** Of {@link Interpolation}; each piece is 0 where it meets the next. */
    private void kernel(String axis) {
        if (preprocessing.interpolation() == Interpolation.BILINEAR) {
            put("Sub", axis + "slope", name(1), axis + "distance");
            put("Max", axis + "kernel", axis + "slope", name(0));
            return;
        }
        put("Min", axis + "near", axis + "distance", name(1));
        polynomial(axis + "near", 1.5, -2.5, 0, 1);
        put("Max", axis + "at least 1", axis + "distance", name(1));
        put("Min", axis + "far", axis + "at least 1", "reach");
        polynomial(axis + "far", -0.5, 2.5, -4, 2);
        put("Add", axis + "kernel", axis + "near value", axis + "far value");
    }

    private void polynomial(String x, double... coefficients) {
        String sum = x + " 0";
        constant(sum, coefficients[0]);
        for (int i = 1; i < coefficients.length; i++) {
            String next = i + 1 == coefficients.length ? x + " value" : x + " sum " + i;
            constant(x + " " + i, coefficients[i]);
            put("Mul", x + " product " + i, sum, x);
            put("Add", next, x + " product " + i, x + " " + i);
            sum = next;
        }
    }

    private void resize() {
        for (String bound : List.of("start", "end")) {
            add(
                    node(
                                    "Concat",
                                    PREFIX + bound,
                                    PREFIX + ROWS + bound + " index",
                                    PREFIX + COLUMNS + bound + " index")
                            .put(5, number("axis", 0)));
        }
        put("Slice", "part", INPUT, "start", "end", "axes");
        transpose("planes", "part", 2, 0, 1);
        cast("values", "planes", FLOAT);
        for (String half : HALVES) {
            transpose("columns/turned " + half, "columns/" + half, 1, 0);
            put("MatMul", "across " + half, "values", "columns/turned " + half);
        }
        round("across");
        for (String half : HALVES) {
            put("MatMul", "down " + half, "rows/" + half, "across rounded");
        }
        round("down");
    }

    /** The sum of both halves as whole numbers 0..255. */
    private void round(String values) {
        cast(values + " high double", values + " high", DOUBLE);
        cast(values + " low double", values + " low", DOUBLE);
        put("Mul", values + " high part", values + " high double", "root");
        put("Add", values + " sum", values + " high part", values + " low double");
        put("Div", values + " exact", values + " sum", "one");
        put("Add", values + " more", values + " exact", name(0.5));
        put("Floor", values + " whole", values + " more");
        cast(values + " float", values + " whole", FLOAT);
        put("Max", values + " positive", values + " float", "black");
        put("Min", values + " rounded", values + " positive", "white");
    }

    private void normalize() {
        int crop = preprocessing.crop();
        boolean reversed = preprocessing.channels() == ChannelOrder.BGR;
        boolean planar = preprocessing.layout() == Layout.NCHW;
        float[] border = new float[3];
        for (int i = 0; i < border.length; i++) {
            float value = preprocessing.mean().get(i) * preprocessing.scale();
            border[i] = Math.clamp((long) Math.rint(value), 0, 255);
        }
        long[] order = reversed ? new long[] {2, 1, 0} : new long[] {0, 1, 2};
        long[] shape = planar ? new long[] {1, 3, crop, crop} : new long[] {1, crop, crop, 3};
        graph.put(5, tensor(PREFIX + "order", order, 3))
                .put(5, tensor(PREFIX + "border", border, 3, 1, 1))
                .put(5, tensor(PREFIX + "divisor", new float[] {preprocessing.scale()}))
                .put(5, tensor(PREFIX + "mean", floats(preprocessing.mean()), 3, 1, 1))
                .put(5, tensor(PREFIX + "deviation", floats(preprocessing.deviation()), 3, 1, 1))
                .put(5, tensor(PREFIX + "result shape", shape, 4));
        put("Gather", "channels", "down rounded", "order");
        put("Reshape", "inside down", "rows/inside", "tall");
        put("Reshape", "inside across", "columns/inside", "wide");
        put("Mul", "inside both", "inside down", "inside across");
        cast("inside", "inside both", FLOAT);
        put("Sub", "outside", "whole", "inside");
        put("Mul", "borders", "border", "outside");
        put("Add", "framed", "channels", "borders");
        put("Div", "scaled", "framed", "divisor");
        put("Sub", "centred", "scaled", "mean");
        put("Div", "normal", "centred", "deviation");
        if (planar) {
            put("Identity", "result", "normal");
        } else {
            transpose("result", "normal", 1, 2, 0);
        }
        add(node("Reshape", OUTPUT, PREFIX + "result", PREFIX + "result shape"));
    }

    private static float[] floats(List<Float> values) {
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values.get(i);
        }
        return floats;
    }

    private void cast(String output, String input, int type) {
        add(node("Cast", PREFIX + output, PREFIX + input).put(5, number("to", type)));
    }

    private void transpose(String output, String input, long... axes) {
        add(node("Transpose", PREFIX + output, PREFIX + input).put(5, numbers("perm", axes)));
    }

    private void put(String type, String output, String... inputs) {
        String[] names = new String[inputs.length];
        for (int i = 0; i < names.length; i++) {
            names[i] = inputs[i].equals(INPUT) ? INPUT : PREFIX + inputs[i];
        }
        add(node(type, PREFIX + output, names));
    }

    private void add(OnnxMessage node) {
        graph.put(1, node);
    }
}
